package dev.shadow.sync.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.spi.sync.VerifyReport;
import dev.shadow.sync.HistoryPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * A source and a target on simulated machines with a simulated link, in one thread. After every step it can be asked
 * whether the invariants hold; a violation is an {@link AssertionError}.
 */
final class Simulation {
    static final int BLOCK = 512;
    static final int BLOCKS = 40;
    static final int SIZE = BLOCK * BLOCKS;
    static final VmId VM = VmId.of("vm");
    static final InstanceId SOURCE = InstanceId.of("a");
    static final InstanceId TARGET = InstanceId.of("b");
    private static final long STEP_NANOS = 500_000;

    /** What may be wrong on purpose. */
    enum Bug {
        NONE,
        MISSED_MERGE_BACK,
        ACKNOWLEDGED_BEFORE_FLUSH,
        APPLIED_BEFORE_COMMIT,
        NO_COPY_BEFORE_WRITE,
        SKIPPED_CHECKSUM,
        WRITTEN_BEFORE_MARKED,
        HISTORY_NOT_FLUSHED
    }

    final RandomGenerator random;
    final Bug bug;
    final HistoryPolicy kept;
    final SimulatedStorage sourceMachine = SimulatedStorage.create();
    final SimulatedStorage targetMachine = SimulatedStorage.create();
    final Map<ReplicaKey, byte[]> history = new HashMap<>();
    final List<SimulatedLink> links = new ArrayList<>();
    final Map<SimulatedLink, TargetMachine> receivers = new HashMap<>();
    SyncSpec spec;
    TrackedDisk disk;
    SourceMachine source;
    ReplicaVault vault;
    SimulatedLink link;
    byte[] model = new byte[SIZE];
    long nanos = 1_000_000_000L;
    long boot = 1;
    long sessions = 1;
    long acknowledgedEpoch;
    long synchronousWrite;
    int verified;
    int pointsChecked;
    int packed;
    private final boolean calm;
    private boolean paused;
    private Message.Begin lastBegin;
    private EpochChecksum plantedChecksum = new EpochChecksum();
    private final List<Long> waiting = new ArrayList<>();
    private CompletableFuture<VerifyReport> verification;

    /** Names a committed state. */
    record ReplicaKey(Lineage lineage, long epoch) {}

    Simulation(RandomGenerator random, Bug bug, SyncMode mode, LinkLossPolicy policy) throws IOException {
        this.random = random;
        this.bug = bug;
        this.calm = random.nextBoolean();
        this.kept = bug == Bug.HISTORY_NOT_FLUSHED || random.nextInt(3) == 0
                ? new HistoryPolicy(
                        1 + random.nextInt(6),
                        Duration.ofMillis(1 + random.nextInt(200)),
                        Duration.ofMillis(random.nextBoolean() ? 0 : random.nextInt(30)))
                : HistoryPolicy.NONE;
        this.spec = new SyncSpec(
                VM,
                SOURCE,
                HostId.of("ha"),
                TARGET,
                HostId.of("hb"),
                Generation.INITIAL,
                SyncMethod.BLOCK,
                mode,
                policy,
                Duration.ofMillis(30),
                Duration.ofMillis(40));
        if (bug == Bug.ACKNOWLEDGED_BEFORE_FLUSH) {
            targetMachine.ignoreFlushOf("journal");
        } else if (bug == Bug.HISTORY_NOT_FLUSHED) {
            targetMachine.ignoreFlushOf("history-");
        }
        vault = ReplicaVault.recover(targetMachine, 8192, kept);
        vault.create(VM.value(), TARGET, SIZE, BLOCK, 0);
        openDisk();
    }

    // The source

    void openDisk() throws IOException {
        StorageFile image = sourceMachine.directory("image").open("disk");
        if (image.size() == 0) {
            image.resize(SIZE);
            image.force();
        }
        disk = TrackedDisk.open(
                new TrackedDisk.Identity(VM, SOURCE, spec.generation(), SIZE, BLOCK),
                image,
                sourceMachine.directory("state"),
                new Lineage(boot, boot),
                () -> Instant.ofEpochMilli(nanos / 1_000_000),
                () -> nanos);
        ByteBuffer content = ByteBuffer.allocate(SIZE);
        disk.read(0, content);
        model = content.array();
        waiting.clear();
        paused = false;
        source = SourceMachine.of(
                disk,
                disk.peer(TARGET),
                spec,
                new SourceMachine.Limits(2048, 4096, 1_000_000, 1_000_000_000, calm ? Long.MAX_VALUE : 0),
                random);
    }

    /** The source's process dies, or its whole machine. */
    void crashSource(boolean power) throws IOException {
        if (link != null) {
            link.sourceOpen = false;
            link = null;
        }
        if (power) {
            sourceMachine.losePower(random);
            boot++;
        } else {
            sourceMachine.restart();
        }
        openDisk();
    }

    void guestWrite() throws IOException {
        int length = 1 + random.nextInt(BLOCK * 3);
        int offset = random.nextInt(SIZE - length + 1);
        if (random.nextInt(4) == 0) {
            offset -= offset % BLOCK;
            length = Math.min(BLOCK * 2, SIZE - offset);
        }
        byte[] content = new byte[length];
        if (random.nextInt(5) != 0) {
            random.nextBytes(content);
            if (random.nextBoolean()) {
                Arrays.fill(content, length / 8, length, content[0]);
            }
        }
        guestWrite(offset, content);
    }

    void guestWrite(int offset, byte[] content) throws IOException {
        if (bug == Bug.NO_COPY_BEFORE_WRITE || bug == Bug.WRITTEN_BEFORE_MARKED) {
            StorageFile image = sourceMachine.directory("image").open("disk");
            image.write(offset, ByteBuffer.wrap(content));
        }
        if (bug == Bug.WRITTEN_BEFORE_MARKED && random.nextInt(20) == 0) {
            System.arraycopy(content, 0, model, offset, content.length);
            crashSource(false);
            return;
        }
        long number = disk.submit(offset, ByteBuffer.wrap(content));
        System.arraycopy(content, 0, model, offset, content.length);
        waiting.add(number);
    }

    void poll() throws IOException {
        try {
            source.poll(nanos);
            source.answer();
            noteAcknowledged();
        } catch (IOException e) {
            disconnect(e.getMessage());
        }
    }

    private void noteAcknowledged() {
        waiting.removeIf(number -> {
            if (!disk.isAcknowledged(number)) {
                return false;
            }
            if (source.phase(nanos) == SyncPhase.SYNCHRONOUS) {
                ReplicaPoint held = vault.find(TARGET).orElseThrow().view().point();
                assertThat(held.writeNumber())
                        .as("a write acknowledged in synchronous mode is on the replica")
                        .isGreaterThanOrEqualTo(number);
                synchronousWrite = Math.max(synchronousWrite, number);
            }
            return true;
        });
    }

    // The link

    void connect() {
        if (link == null && !source.isFinished()) {
            SimulatedLink fresh = new SimulatedLink(this::outgoing);
            links.add(fresh);
            receivers.put(fresh, TargetMachine.of(vault, () -> ++sessions, fresh.targetEnd));
            link = fresh;
            source.connected(fresh.sourceEnd);
        }
    }

    private Framing.Frame outgoing(Framing.Frame frame) {
        if (frame.message() instanceof Message.Begin begin) {
            lastBegin = begin;
            plantedChecksum = new EpochChecksum();
            history.put(new ReplicaKey(begin.lineage(), begin.epoch()), model.clone());
        }
        packed += frame.message() instanceof Message.PackedData ? 1 : 0;
        if (bug != Bug.SKIPPED_CHECKSUM) {
            return frame;
        }
        if (frame.message() instanceof Message.Data data) {
            byte[] bytes = new byte[data.extents().remaining()];
            data.extents().duplicate().get(bytes);
            if (bytes[0] == Extents.RAW && random.nextInt(30) == 0) {
                bytes[bytes.length - 1] ^= 4;
            }
            ByteBuffer changed = ByteBuffer.wrap(bytes);
            plantedChecksum.add(changed);
            return new Framing.Frame(frame.generation(), 0, new Message.Data(data.epoch(), data.index(), changed));
        }
        if (frame.message() instanceof Message.Commit c) {
            return new Framing.Frame(
                    frame.generation(),
                    0,
                    new Message.Commit(
                            c.epoch(),
                            c.frozenAtMillis(),
                            c.writeNumber(),
                            c.frames(),
                            c.bytes(),
                            plantedChecksum.value()));
        }
        return frame;
    }

    void disconnect(String why) {
        if (link != null) {
            link.sourceOpen = false;
            link = null;
            source.disconnected(why, nanos);
        }
    }

    /** Delivers one frame to the target, of any connection that it still has. */
    void deliverToTarget() throws IOException {
        List<SimulatedLink> ready = links.stream()
                .filter(l -> l.targetOpen && (!l.toTarget.isEmpty() || !l.sourceOpen))
                .toList();
        if (ready.isEmpty()) {
            return;
        }
        SimulatedLink from = ready.get(random.nextInt(ready.size()));
        TargetMachine receiver = receivers.get(from);
        if (from.toTarget.isEmpty()) {
            closeTarget(from);
            return;
        }
        deliver(from, receiver, from.toTarget.remove());
    }

    void deliver(SimulatedLink from, TargetMachine receiver, ByteBuffer bytes) throws IOException {
        try {
            Framing.Frame frame = from.targetFraming.decode(bytes);
            if (bug == Bug.APPLIED_BEFORE_COMMIT && frame.message() instanceof Message.Data data) {
                StorageFile image = targetMachine
                        .directory(ReplicaVault.directoryOf(TARGET))
                        .open("image");
                Extents.visit(data.extents(), SIZE, BLOCK, (kind, offset, length, content) -> {
                    if (kind == Extents.RAW) {
                        image.write(offset, content);
                    }
                });
            }
            int before = from.toSource.size();
            receiver.receive(frame);
            if (frame.message() instanceof Message.Commit commit && from.toSource.size() > before) {
                acknowledgedEpoch = Math.max(acknowledgedEpoch, commit.epoch());
            }
        } catch (IOException | StaleGenerationException e) {
            from.targetEnd.send(TargetMachine.refusal(e), 0);
            closeTarget(from);
        }
    }

    private void closeTarget(SimulatedLink of) throws IOException {
        of.targetOpen = false;
        TargetMachine receiver = receivers.remove(of);
        if (receiver != null) {
            receiver.closed();
        }
    }

    void deliverToSource() throws IOException {
        if (link == null) {
            return;
        }
        if (link.toSource.isEmpty()) {
            if (!link.targetOpen) {
                disconnect("closed by the target");
            }
            return;
        }
        try {
            Framing.Frame frame = link.sourceFraming.decode(link.toSource.remove());
            source.receive(planted(frame), nanos);
            if (source.isFinished()) {
                disconnect(source.detail());
                return;
            }
            source.answer();
            noteAcknowledged();
        } catch (IOException e) {
            disconnect(e.getMessage());
        }
    }

    private Framing.Frame planted(Framing.Frame frame) {
        if (bug == Bug.MISSED_MERGE_BACK
                && lastBegin != null
                && frame.message() instanceof Message.Welcome w
                && w.point().lineage().equals(lastBegin.lineage())
                && w.point().epoch() < lastBegin.epoch()) {
            ReplicaPoint claimed = new ReplicaPoint(lastBegin.epoch(), lastBegin.lineage(), 0, 0);
            return new Framing.Frame(
                    frame.generation(),
                    frame.session(),
                    new Message.Welcome(w.version(), claimed, w.generation(), w.windowBytes()));
        }
        return frame;
    }

    /** Harms one frame under way; the receiver must notice. */
    void damageOneFrame() {
        if (link == null || link.toTarget.isEmpty()) {
            return;
        }
        ByteBuffer first = link.toTarget.remove();
        switch (random.nextInt(4)) {
            case 0 -> {
                byte[] bytes = new byte[first.remaining()];
                first.get(bytes);
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                link.toTarget.addFirst(ByteBuffer.wrap(bytes));
            }
            case 1 -> link.toTarget.addFirst(first.slice(0, random.nextInt(first.remaining())));
            case 2 -> {
                link.toTarget.addFirst(first.duplicate());
                link.toTarget.addFirst(first);
            }
            default -> {
                if (!link.toTarget.isEmpty()) {
                    ByteBuffer second = link.toTarget.remove();
                    link.toTarget.addFirst(first);
                    link.toTarget.addFirst(second);
                } else {
                    link.toTarget.addFirst(first);
                }
            }
        }
    }

    // The target

    void crashTarget(boolean power) throws IOException {
        if (power) {
            targetMachine.losePower(random);
        } else {
            targetMachine.restart();
        }
        links.forEach(l -> l.targetOpen = false);
        receivers.clear();
        targetMachine.freeBytes(Long.MAX_VALUE);
        vault = ReplicaVault.recover(targetMachine, 8192, kept);
        checkReplica(vault, targetMachine);
    }

    /** Checks what a restart of the target now would find, without touching the target. */
    void checkTarget(boolean power) throws IOException {
        SimulatedStorage copy = targetMachine.copy();
        if (power) {
            copy.losePower(random);
        } else {
            copy.restart();
        }
        copy.freeBytes(Long.MAX_VALUE);
        checkReplica(ReplicaVault.recover(copy, 8192, kept), copy);
    }

    private void checkReplica(ReplicaVault recovered, SimulatedStorage machine) throws IOException {
        ReplicaPoint point = recovered.find(TARGET).orElseThrow().view().point();
        assertThat(point.epoch()).as("no acknowledged epoch is lost").isGreaterThanOrEqualTo(acknowledgedEpoch);
        assertThat(point.writeNumber())
                .as("no write acknowledged in synchronous mode is lost")
                .isGreaterThanOrEqualTo(synchronousWrite);
        byte[] image = ((SimulatedStorage) machine.directory(ReplicaVault.directoryOf(TARGET))).content("image");
        byte[] expected =
                point.isCommitted() ? history.get(new ReplicaKey(point.lineage(), point.epoch())) : new byte[SIZE];
        assertThat(image)
                .as("the replica equals committed epoch %s", point.epoch())
                .isEqualTo(expected);
        checkHistory(recovered.find(TARGET).orElseThrow());
    }

    /** Every point of the history can be had, exactly. */
    private void checkHistory(Replica replica) throws IOException {
        if (kept.points() == 0) {
            return;
        }
        List<ReplicaPoint> points = replica.points();
        assertThat(points.size()).isLessThanOrEqualTo(kept.points() + 1);
        for (ReplicaPoint point : points) {
            SimulatedStorage elsewhere = SimulatedStorage.create();
            replica.copyTo(elsewhere.open("copy"), point.epoch());
            assertThat(elsewhere.content("copy"))
                    .as("epoch %s of the history", point.epoch())
                    .isEqualTo(history.get(new ReplicaKey(point.lineage(), point.epoch())));
            pointsChecked++;
        }
    }

    // Scripts

    void tick() {
        nanos += STEP_NANOS;
    }

    void verify() {
        if (verification == null && link != null && source.isWelcomed() && !paused) {
            verification = new CompletableFuture<>();
            source.verify(verification);
        }
    }

    private void readVerification() {
        if (verification != null && verification.isDone()) {
            if (!verification.isCompletedExceptionally()) {
                assertThat(verification.join().differences()).as("verification").isEmpty();
                verified++;
            }
            verification = null;
        }
    }

    /** One random step of anything that can happen. */
    void step() throws IOException {
        tick();
        int choice = random.nextInt(1000);
        if (choice >= 945 && calm && random.nextInt(10) != 0) {
            choice = random.nextInt(900);
        }
        try {
            if (choice == 899) {
                verify();
            } else if (choice < 250) {
                guestWrite();
            } else if (choice < 500) {
                poll();
            } else if (choice < 700) {
                deliverToTarget();
            } else if (choice < 900) {
                deliverToSource();
            } else if (choice < 945) {
                connect();
            } else if (choice < 952) {
                disconnect("cut");
            } else if (choice < 957) {
                damageOneFrame();
            } else if (choice < 962) {
                sourceMachine.crashAfter(random.nextInt(12));
            } else if (choice < 970) {
                targetMachine.crashAfter(random.nextInt(12));
            } else if (choice < 973) {
                crashSource(random.nextBoolean());
            } else if (choice < 977) {
                crashTarget(random.nextBoolean());
            } else if (choice < 980) {
                targetMachine.freeBytes(random.nextInt(6000));
            } else if (choice < 983) {
                targetMachine.freeBytes(Long.MAX_VALUE);
            } else if (choice < 986) {
                verify();
            } else if (choice < 988) {
                source.pause();
                paused = true;
            } else if (choice < 991) {
                source.resume();
                paused = false;
            } else if (choice < 994) {
                source.acknowledgeDegraded();
            } else {
                checkTarget(random.nextBoolean());
            }
        } catch (SimulatedCrash crash) {
            recover();
        }
        readVerification();
    }

    /** Restarts whichever side has crashed; both may have lost power. */
    private void recover() throws IOException {
        crashSource(random.nextBoolean());
        crashTarget(random.nextBoolean());
    }

    /** Lets everything come to rest, and checks that nothing was forgotten. */
    void settle() throws IOException {
        targetMachine.freeBytes(Long.MAX_VALUE);
        sourceMachine.crashAfter(-1);
        targetMachine.crashAfter(-1);
        source.resume();
        paused = false;
        CompletableFuture<Long> done = null;
        for (int i = 0; i < 20_000; i++) {
            tick();
            connect();
            if (done == null && source.isWelcomed()) {
                done = new CompletableFuture<>();
                source.commitEpoch(done);
            }
            poll();
            deliverToTarget();
            deliverToSource();
            readVerification();
            if (done != null && done.isDone() && waiting.isEmpty()) {
                checkTarget(true);
                ReplicaPoint point = vault.find(TARGET).orElseThrow().view().point();
                assertThat(history.get(new ReplicaKey(point.lineage(), point.epoch())))
                        .as("the last epoch is what the guest sees")
                        .isEqualTo(model);
                return;
            }
        }
        throw new AssertionError("the session did not come to rest: " + source.phase(nanos) + ", " + source.detail());
    }
}
