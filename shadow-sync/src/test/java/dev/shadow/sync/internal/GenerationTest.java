package dev.shadow.sync.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.InstanceId;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.sync.HistoryPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replica that has seen a generation refuses every message of an older one. */
class GenerationTest {
    private static final InstanceId TARGET = InstanceId.of("b");
    private static final Lineage OLD = new Lineage(1, 1);
    private static final Lineage NEW = new Lineage(2, 2);

    private final SimulatedStorage storage = SimulatedStorage.create();
    private final ArrayDeque<Message> answers = new ArrayDeque<>();
    private ReplicaVault vault;
    private long sessions;

    @BeforeEach
    void create() throws IOException {
        vault = ReplicaVault.recover(storage, 1 << 20, HistoryPolicy.NONE);
        vault.create("vm", TARGET, 1024, 512, 0);
    }

    private TargetMachine machine() {
        return TargetMachine.of(vault, () -> ++sessions, new Wire() {
            @Override
            public void send(Message message, long generation) {
                answers.add(message);
            }

            @Override
            public void establish(long session) {
                assertThat(session).isPositive();
            }
        });
    }

    private static Framing.Frame frame(Message message, long generation) {
        return new Framing.Frame(generation, 0, message);
    }

    private static Message hello() {
        return new Message.Hello(1, 1, Message.Role.REPLICATE, "vm", "a", "b", 1024, 512, 4096);
    }

    private static void sendEpoch(TargetMachine machine, long epoch, Lineage lineage, byte fill, long generation)
            throws IOException {
        ByteBuffer extents = ByteBuffer.allocate(Extents.HEADER + 1024);
        extents.put(Extents.RAW).putLong(0).putLong(1024);
        while (extents.hasRemaining()) {
            extents.put(fill);
        }
        EpochChecksum checksum = new EpochChecksum();
        checksum.add(extents.flip());
        machine.receive(frame(new Message.Begin(epoch, lineage, true), generation));
        machine.receive(frame(new Message.Data(epoch, 0, extents), generation));
        machine.receive(frame(new Message.Commit(epoch, 0, epoch, 1, checksum.bytes(), checksum.value()), generation));
    }

    private byte contentAfterRestart() throws IOException {
        SimulatedStorage copy = storage.copy();
        copy.restart();
        ReplicaVault.recover(copy, 1 << 20, HistoryPolicy.NONE);
        return ((SimulatedStorage) copy.directory(ReplicaVault.directoryOf(TARGET))).content("image")[700];
    }

    /** Plays an old source against a replica that a newer one feeds; {@code stamp} is what its frames claim. */
    private void anOldSourceComesBack(LongUnaryOperator stamp) throws IOException {
        TargetMachine old = machine();
        old.receive(frame(hello(), stamp.applyAsLong(0)));
        sendEpoch(old, 1, OLD, (byte) 1, stamp.applyAsLong(0));
        TargetMachine successor = machine();
        successor.receive(frame(hello(), 1));
        sendEpoch(successor, 2, NEW, (byte) 2, 1);
        assertThatThrownBy(() -> sendEpoch(old, 3, OLD, (byte) 3, stamp.applyAsLong(0)))
                .isInstanceOf(StaleGenerationException.class);
        TargetMachine again = machine();
        assertThatThrownBy(() -> {
                    again.receive(frame(hello(), stamp.applyAsLong(0)));
                    sendEpoch(again, 3, OLD, (byte) 3, stamp.applyAsLong(0));
                })
                .isInstanceOf(StaleGenerationException.class);
        assertThat(contentAfterRestart()).isEqualTo((byte) 2);
        sendEpoch(successor, 4, NEW, (byte) 4, 1);
        assertThat(contentAfterRestart()).isEqualTo((byte) 4);
    }

    @Test
    void anOlderGenerationIsRefusedOnOldAndNewConnections() throws IOException {
        anOldSourceComesBack(generation -> generation);
    }

    @Test
    void theTestWouldNoticeALostCheck() {
        assertThatThrownBy(() -> anOldSourceComesBack(generation -> Math.max(generation, 1)))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void aPromotedReplicaTakesNoEpochOfAnyGenerationAlsoAfterARestart() throws IOException {
        TargetMachine source = machine();
        source.receive(frame(hello(), 0));
        sendEpoch(source, 1, OLD, (byte) 1, 0);
        source.receive(frame(new Message.Begin(2, OLD, false), 0));
        Replica replica = vault.find(TARGET).orElseThrow();
        Replica.Promoted promoted = replica.promoteTo(3, 0);
        assertThat(promoted.point().epoch()).isEqualTo(1);
        assertThatThrownBy(() -> sendEpoch(source, 3, OLD, (byte) 3, 0)).isInstanceOf(StaleGenerationException.class);
        storage.losePower(new java.util.SplittableRandom(1));
        vault = ReplicaVault.recover(storage, 1 << 20, HistoryPolicy.NONE);
        assertThatThrownBy(() -> machine().receive(frame(hello(), 2)))
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.code()).isEqualTo(RefusalCode.STALE_GENERATION));
        assertThatThrownBy(() -> machine().receive(frame(hello(), 4)))
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.code()).isEqualTo(RefusalCode.PROMOTED));
        Replica recovered = vault.find(TARGET).orElseThrow();
        assertThat(recovered.promoteTo(3, 0)).isEqualTo(promoted);
        assertThatThrownBy(() -> recovered.promoteTo(2, 0)).isInstanceOf(StaleGenerationException.class);
        assertThat(contentAfterRestart()).isEqualTo((byte) 1);
    }

    @Test
    void aPromotionAtAKeptEpochThatIsCutAnywhereIsRepeatedToTheSameEnd() throws IOException {
        HistoryPolicy keep = new HistoryPolicy(10, Duration.ofDays(1), Duration.ZERO);
        vault = ReplicaVault.recover(storage, 1 << 20, keep);
        TargetMachine source = machine();
        source.receive(frame(hello(), 0));
        for (int epoch = 1; epoch <= 4; epoch++) {
            sendEpoch(source, epoch, OLD, (byte) epoch, 0);
        }
        assertThat(vault.find(TARGET).orElseThrow().points())
                .extracting(ReplicaPoint::epoch)
                .containsExactly(1L, 2L, 3L, 4L);
        int cuts = 0;
        for (int cut = 0; cut < 60; cut++) {
            for (int seed = 0; seed < 5; seed++) {
                SimulatedStorage copy = storage.copy();
                copy.restart();
                ReplicaVault first = ReplicaVault.recover(copy, 1 << 20, keep);
                copy.crashAfter(cut);
                try {
                    first.find(TARGET).orElseThrow().promoteTo(1, 2);
                } catch (SimulatedCrash crash) {
                    cuts++;
                }
                copy.losePower(new java.util.SplittableRandom(seed));
                ReplicaVault second = ReplicaVault.recover(copy, 1 << 20, HistoryPolicy.NONE);
                Replica replica = second.find(TARGET).orElseThrow();
                byte[] image = ((SimulatedStorage) copy.directory(ReplicaVault.directoryOf(TARGET))).content("image");
                if (replica.view().promoted()) {
                    assertThat(replica.view().point().epoch()).isEqualTo(2);
                    assertThat(image).containsOnly(2);
                    assertThat(replica.promoteTo(1, 2).point().epoch()).isEqualTo(2);
                    assertThatThrownBy(() -> replica.promoteTo(1, 3)).hasMessageContaining("promoted at epoch 2");
                } else {
                    assertThat(image).containsOnly(4);
                }
            }
        }
        assertThat(cuts).isBetween(20, 299);
    }

    @Test
    void anEpochThatIsNotKeptIsRefusedAndNamed() throws IOException {
        TargetMachine source = machine();
        source.receive(frame(hello(), 0));
        sendEpoch(source, 1, OLD, (byte) 1, 0);
        Replica replica = vault.find(TARGET).orElseThrow();
        assertThatThrownBy(() -> replica.promoteTo(1, 9))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("holds epoch 1 and none before it, not epoch 9");
        assertThat(replica.view().promoted()).isFalse();
    }

    @Test
    void aPromotionThatIsCutAnywhereIsRepeatedToTheSameEnd() throws IOException {
        TargetMachine source = machine();
        source.receive(frame(hello(), 0));
        sendEpoch(source, 1, OLD, (byte) 1, 0);
        for (int cut = 0; cut < 12; cut++) {
            for (int seed = 0; seed < 20; seed++) {
                SimulatedStorage copy = storage.copy();
                copy.restart();
                ReplicaVault first = ReplicaVault.recover(copy, 1 << 20, HistoryPolicy.NONE);
                copy.crashAfter(cut);
                try {
                    first.find(TARGET).orElseThrow().promoteTo(1, 0);
                } catch (SimulatedCrash crash) {
                    assertThat(crash).isNotNull();
                }
                copy.losePower(new java.util.SplittableRandom(seed));
                ReplicaVault second = ReplicaVault.recover(copy, 1 << 20, HistoryPolicy.NONE);
                assertThat(second.find(TARGET)
                                .orElseThrow()
                                .promoteTo(1, 0)
                                .point()
                                .epoch())
                        .isEqualTo(1);
                byte[] image = ((SimulatedStorage) copy.directory(ReplicaVault.directoryOf(TARGET))).content("image");
                assertThat(image).containsOnly(1);
            }
        }
    }
}
