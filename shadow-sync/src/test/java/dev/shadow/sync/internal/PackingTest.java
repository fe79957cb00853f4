package dev.shadow.sync.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.InstanceId;
import dev.shadow.sync.HistoryPolicy;
import dev.shadow.tck.property.SeededTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Compressed data frames: what is compressed, what comes back, and what a target refuses. */
class PackingTest {
    private static final InstanceId TARGET = InstanceId.of("b");
    private static final Lineage LINEAGE = new Lineage(1, 1);

    private final SimulatedStorage storage = SimulatedStorage.create();
    private final List<Message> answers = new ArrayList<>();

    private static ByteBuffer text(SplittableRandom random, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            bytes.put((byte) (random.nextInt(4) == 0 ? random.nextInt(256) : 'a'));
        }
        return bytes.flip();
    }

    private static ByteBuffer noise(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    @SeededTest(runs = 200)
    void whatIsCompressedComesBackAsItWas(SplittableRandom random) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(1 + random.nextInt(300_000));
        while (content.hasRemaining()) {
            byte[] piece = new byte[Math.min(content.remaining(), 1 + random.nextInt(5000))];
            if (random.nextInt(4) == 0) {
                random.nextBytes(piece);
            }
            content.put(piece);
        }
        ByteBuffer packed = Packing.pack(content.flip());
        if (packed != null) {
            assertThat(packed.remaining()).isLessThanOrEqualTo((int) (content.remaining() * Packing.WORTHWHILE));
            assertThat(Packing.unpack(packed, content.remaining())).isEqualTo(content);
        }
    }

    @Test
    void whatDoesNotShrinkIsLeftAsItIs() {
        SplittableRandom random = new SplittableRandom(1);
        assertThat(Packing.pack(noise(random, 1 << 18))).isNull();
        assertThat(Packing.pack(noise(random, 600))).isNull();
        assertThat(Packing.pack(text(random, 1 << 18))).isNotNull();
    }

    @Test
    void aFrameOfNoiseWithACompressibleBeginningIsLeftToTheSample() {
        SplittableRandom random = new SplittableRandom(2);
        ByteBuffer content = noise(random, 1 << 18);
        content.put(0, new byte[1 << 14]);
        assertThat(Packing.pack(content)).isNull();
    }

    @SeededTest(runs = 2000)
    void aDamagedBlockIsRefusedOrGivesAsManyBytesAsItSays(SplittableRandom random) {
        ByteBuffer content = text(random, 1 + random.nextInt(3000));
        ByteBuffer packed = Packing.pack(content);
        byte[] bytes = new byte[packed == null ? 1 + random.nextInt(100) : packed.remaining()];
        if (packed == null) {
            random.nextBytes(bytes);
        } else {
            packed.get(bytes);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
        }
        int length = random.nextBoolean() ? content.remaining() : 1 + random.nextInt(4000);
        try {
            assertThat(Packing.unpack(ByteBuffer.wrap(bytes), length).remaining())
                    .isEqualTo(length);
        } catch (ProtocolException expected) {
            assertThat(expected).hasMessageContaining("compressed frame");
        }
    }

    @Test
    void aLengthBeyondAFrameIsRefusedBeforeAnythingIsAllocated() {
        for (int length : new int[] {0, -1, Framing.MAX_PAYLOAD + 1, Integer.MAX_VALUE}) {
            ByteBuffer payload = ByteBuffer.allocate(17).putLong(1).putInt(0).putInt(length);
            assertThatThrownBy(() -> MessageCodec.decode((byte) 22, payload.rewind()))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("compressed length");
        }
    }

    @Test
    void aReplicaTakesACompressedEpochAndStoresItsContent() throws IOException {
        TargetMachine target = welcomed(2);
        ByteBuffer extents = extents();
        ByteBuffer packed = Objects.requireNonNull(Packing.pack(extents));
        sendEpoch(target, extents, new Message.PackedData(1, 0, extents.remaining(), packed));
        assertThat(answers).contains(new Message.Credit(packed.remaining()), new Message.Committed(1));
        byte[] image = ((SimulatedStorage) storage.directory(ReplicaVault.directoryOf(TARGET))).content("image");
        assertThat(ByteBuffer.wrap(image)).isEqualTo(extents.slice(Extents.HEADER, 4096));
    }

    @Test
    void aBlockThatIsNotWhatTheSourceDigestedChangesNothing() throws IOException {
        TargetMachine target = welcomed(2);
        ByteBuffer other = extents();
        other.put(Extents.HEADER + 100, (byte) 1);
        ByteBuffer packed = Objects.requireNonNull(Packing.pack(other));
        assertThatThrownBy(() -> sendEpoch(target, extents(), new Message.PackedData(1, 0, other.remaining(), packed)))
                .isInstanceOf(ProtocolException.class);
        assertThat(answers).doesNotContain(new Message.Committed(1));
    }

    @Test
    void aConversationOfVersionOneCarriesNothingCompressed() throws IOException {
        TargetMachine target = welcomed(1);
        ByteBuffer extents = extents();
        ByteBuffer packed = Objects.requireNonNull(Packing.pack(extents));
        assertThatThrownBy(() -> sendEpoch(target, extents, new Message.PackedData(1, 0, extents.remaining(), packed)))
                .hasMessageContaining("has no place here");
    }

    @Test
    void theHighestVersionThatBothSpeakIsChosen() throws IOException {
        welcomed(1);
        welcomed(2);
        welcomed(9);
        assertThat(answers.stream().map(answer -> ((Message.Welcome) answer).version()))
                .containsExactly(1, 2, 2);
    }

    private static ByteBuffer extents() {
        ByteBuffer extents = ByteBuffer.allocate(Extents.HEADER + 4096);
        extents.put(Extents.RAW).putLong(0).putLong(4096);
        while (extents.hasRemaining()) {
            extents.put((byte) 7);
        }
        return extents.flip();
    }

    private void sendEpoch(TargetMachine target, ByteBuffer extents, Message data) throws IOException {
        EpochChecksum checksum = new EpochChecksum();
        checksum.add(extents);
        receive(target, new Message.Begin(1, LINEAGE, true));
        receive(target, data);
        receive(target, new Message.Commit(1, 0, 1, 1, checksum.bytes(), checksum.value()));
    }

    private static void receive(TargetMachine target, Message message) throws IOException {
        target.receive(new Framing.Frame(0, 0, message));
    }

    private TargetMachine welcomed(int version) throws IOException {
        ReplicaVault vault = ReplicaVault.recover(storage, 1 << 20, HistoryPolicy.NONE);
        if (vault.find(TARGET).isEmpty()) {
            vault.create("vm", TARGET, 4096, 512, 0);
        }
        TargetMachine target = TargetMachine.of(vault, () -> 5, new Wire() {
            @Override
            public void send(Message message, long generation) {
                answers.add(message);
            }

            @Override
            public void establish(long session) {
                assertThat(session).isPositive();
            }
        });
        receive(target, new Message.Hello(1, version, Message.Role.REPLICATE, "vm", "a", "b", 4096, 512, 4096));
        return target;
    }
}
