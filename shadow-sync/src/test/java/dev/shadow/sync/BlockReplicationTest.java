package dev.shadow.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.sync.internal.SimulatedStorage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two engine objects in one process, over real sockets and files. */
@Timeout(60)
@SuppressWarnings("try")
class BlockReplicationTest {
    private static final long SIZE = 4 << 20;
    private static final int BLOCK = 4096;
    private static final VmId VM = VmId.of("vm1");
    private static final InstanceId SOURCE = InstanceId.of("vm1-a");
    private static final InstanceId TARGET = InstanceId.of("vm1-b");
    private static final HostId TARGET_HOST = HostId.of("host-b");
    private static final Generation G0 = Generation.INITIAL;
    private static final Generation G1 = Generation.of(1);
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private ReplicaServer server;
    private ReplicatedDisk disk;
    private BlockReplication engine;
    private volatile int port;

    @BeforeEach
    void open() throws Exception {
        server = listen(0);
        port = server.port();
        server.create(VM, TARGET, SIZE, BLOCK, G0);
        disk = openDisk(G0);
        engine = newEngine();
    }

    @AfterEach
    void close() throws Exception {
        engine.close();
        disk.close();
        server.close();
    }

    private ReplicaServer listen(int onPort) throws IOException {
        return ReplicaServer.listen(
                ReplicaAddress.tcp("127.0.0.1", onPort),
                directory.resolve("replicas"),
                ReplicaServerOptions.defaults().withIoTimeout(Duration.ofSeconds(3)));
    }

    private ReplicatedDisk openDisk(Generation generation) throws IOException {
        return ReplicatedDisk.open(
                new DiskSpec(VM, SOURCE, generation, directory.resolve("disk.img"), SIZE, BLOCK),
                directory.resolve("state"),
                InstantSource.system());
    }

    private BlockReplication newEngine() {
        return BlockReplication.overTcp(BlockReplicationConfig.builder()
                .disks(instance -> instance.equals(SOURCE) ? Optional.of(disk) : Optional.empty())
                .network(ReplicaNetwork.builder()
                        .targets(host -> host.equals(TARGET_HOST)
                                ? Optional.of(ReplicaAddress.tcp("127.0.0.1", port))
                                : Optional.empty())
                        .ioTimeout(Duration.ofSeconds(3))
                        .backoff(Duration.ofMillis(10), Duration.ofMillis(100))
                        .build())
                .frameBytes(64 << 10)
                .windowBytes(1 << 20)
                .build());
    }

    private static SyncSpec spec(SyncMode mode, LinkLossPolicy policy, Duration writeTimeout) {
        return new SyncSpec(
                VM,
                SOURCE,
                HostId.of("host-a"),
                TARGET,
                TARGET_HOST,
                G0,
                SyncMethod.BLOCK,
                mode,
                policy,
                Duration.ofSeconds(1),
                writeTimeout);
    }

    private static SyncSpec asynchronous() {
        return spec(SyncMode.ASYNCHRONOUS, LinkLossPolicy.FALL_BACK, Duration.ofSeconds(2));
    }

    private static CallContext context(Generation generation) {
        return CallContext.of("test", generation, LONG);
    }

    private SyncSession start(SyncSpec spec) throws Exception {
        SyncSession session = engine.open(spec, LONG);
        session.start(context(G0));
        return session;
    }

    private static void await(SyncSession session, SyncPhase phase) throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        try (var unused = session.subscribe(status -> {
            if (status.phase() == phase) {
                reached.countDown();
            }
        })) {
            if (session.status().phase() != phase) {
                assertThat(reached.await(20, TimeUnit.SECONDS))
                        .as("phase %s reached, last status %s", phase, session.status())
                        .isTrue();
            }
        }
    }

    private static ByteBuffer bytes(long seed, int length) {
        byte[] content = new byte[length];
        new SplittableRandom(seed).nextBytes(content);
        return ByteBuffer.wrap(content);
    }

    private byte[] sourceImage() throws IOException {
        return Files.readAllBytes(directory.resolve("disk.img"));
    }

    private byte[] promotedImage() throws Exception {
        return Files.readAllBytes(server.image(TARGET));
    }

    @Test
    void aCommittedEpochIsWhatThePromotedReplicaHolds() throws Exception {
        disk.write(4096, bytes(1, 200_000));
        SyncSession session = start(asynchronous());
        session.commitEpoch(context(G0));
        disk.write(1_000_001, bytes(2, 77));
        long epoch = session.commitEpoch(context(G0));

        assertThat(server.status(TARGET).orElseThrow().committedEpoch()).hasValue(epoch);
        assertThat(server.status(TARGET).orElseThrow().writeNumber()).isEqualTo(disk.writeNumber());
        Promotion promotion = session.promote(context(G1));
        assertThat(promotion.epoch()).isEqualTo(epoch);
        assertThat(promotion.generation()).isEqualTo(G1);
        assertThat(session.promote(context(G1))).isEqualTo(promotion);
        assertThat(promotedImage()).isEqualTo(sourceImage());
    }

    @Test
    void aSupersededSourceCanNeitherWriteNorReopen() throws Exception {
        SyncSession session = start(asynchronous());
        session.commitEpoch(context(G0));
        session.promote(context(G1));

        assertThat(session.status().phase()).isEqualTo(SyncPhase.PROMOTED);
        await(session, SyncPhase.PROMOTED);
        server.promote(TARGET, Generation.of(2));
        assertThatThrownBy(() -> server.promote(TARGET, G1)).isInstanceOf(StaleGenerationException.class);
        session.close();
        assertThatThrownBy(() -> engine.open(asynchronous(), LONG)).isInstanceOf(StaleGenerationException.class);
        assertThatThrownBy(() -> disk.write(0, bytes(3, 10)))
                .isInstanceOf(StaleGenerationException.class)
                .hasMessageContaining("generation 1");
        disk.close();
        assertThatThrownBy(() -> openDisk(G0)).isInstanceOf(StaleGenerationException.class);
        disk = openDisk(G1);
        disk.write(0, bytes(3, 10));
    }

    @Test
    void anEarlierPointIsListedCopiedAndPromotedFromAfar() throws Exception {
        server.close();
        server = ReplicaServer.listen(
                ReplicaAddress.tcp("127.0.0.1", 0),
                directory.resolve("replicas"),
                ReplicaServerOptions.defaults()
                        .withHistory(HistoryPolicy.keep(5, Duration.ofDays(1)).withSpacing(Duration.ZERO)));
        port = server.port();
        SyncSession session = start(asynchronous());
        disk.write(0, bytes(1, (int) SIZE));
        long first = session.commitEpoch(context(G0));
        byte[] then = sourceImage();
        disk.write(BLOCK, bytes(2, 5 * BLOCK));
        long second = session.commitEpoch(context(G0));
        disk.write(3 * BLOCK, bytes(3, 5 * BLOCK));
        long third = session.commitEpoch(context(G0));

        assertThat(engine.targetHistory(TARGET_HOST, TARGET, LONG))
                .extracting(HistoryPoint::epoch)
                .contains(first, second)
                .endsWith(third);
        Path copy = directory.resolve("copy");
        assertThat(server.copyImage(TARGET, copy, first).committedEpoch()).hasValue(first);
        assertThat(Files.readAllBytes(copy)).isEqualTo(then);
        try (Stream<Path> files = Files.list(directory.resolve("replicas").resolve(TARGET + ".replica"))) {
            assertThat(files.filter(file -> file.toString().contains("history-"))
                            .mapToLong(file -> file.toFile().length())
                            .sum())
                    .isLessThan(SIZE + 12L * BLOCK + 8192);
        }

        assertThat(engine.promoteTarget(TARGET_HOST, VM, TARGET, G1, first, LONG)
                        .epoch())
                .isEqualTo(first);
        assertThat(Files.readAllBytes(server.image(TARGET))).isEqualTo(then);
        assertThatThrownBy(() -> engine.promoteTarget(TARGET_HOST, VM, TARGET, G1, second, LONG))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("was promoted at epoch " + first);
    }

    @Test
    void aPromotionByAnotherProcessReachesTheSourceWithItsNextWrite() throws Exception {
        SyncSession session = start(spec(SyncMode.SYNCHRONOUS, LinkLossPolicy.HOLD_WRITES, Duration.ofSeconds(10)));
        await(session, SyncPhase.SYNCHRONOUS);
        try (BlockReplication manager = BlockReplication.overTcp(BlockReplicationConfig.builder()
                .network(ReplicaNetwork.builder()
                        .targets(host -> Optional.of(ReplicaAddress.tcp("127.0.0.1", port)))
                        .build())
                .build())) {
            SyncSession remote = manager.open(session.spec(), LONG);
            assertThat(remote.status().committedEpoch()).isPresent();
            assertThatThrownBy(() -> remote.start(context(G0)))
                    .isInstanceOf(SyncException.class)
                    .hasMessageContaining("no disk");
            remote.promote(context(G1));
        }
        assertThatThrownBy(() -> disk.write(0, bytes(4, 10))).isInstanceOf(StaleGenerationException.class);
        await(session, SyncPhase.PROMOTED);
        assertThat(disk.fencedBy()).contains(G1);
    }

    @Test
    void everySynchronousWriteIsOnTheReplicaWhenItReturns() throws Exception {
        SyncSession session = start(spec(SyncMode.SYNCHRONOUS, LinkLossPolicy.FALL_BACK, Duration.ofSeconds(10)));
        await(session, SyncPhase.SYNCHRONOUS);
        for (int i = 0; i < 200; i++) {
            long number = disk.write((i * 7919L) % (SIZE - 600), bytes(i, 600));
            assertThat(server.status(TARGET).orElseThrow().writeNumber()).isGreaterThanOrEqualTo(number);
        }
        assertThat(session.status().phase()).isEqualTo(SyncPhase.SYNCHRONOUS);
        server.promote(TARGET, G1);
        assertThat(promotedImage()).isEqualTo(sourceImage());
    }

    @Test
    void aServerThatComesBackContinuesFromItsLastCommittedEpoch() throws Exception {
        SyncSession session = start(asynchronous());
        disk.write(0, bytes(5, 100_000));
        long before = session.commitEpoch(context(G0));
        long sentBefore = session.status().sentBytes();
        server.close();
        disk.write(50_000, bytes(6, 5_000));
        await(session, SyncPhase.INTERRUPTED);
        server = listen(port);
        assertThat(server.status(TARGET).orElseThrow().committedEpoch()).hasValue(before);
        session.commitEpoch(context(G0));
        assertThat(session.status().sentBytes() - sentBefore).isLessThan(20_000);
        server.promote(TARGET, G1);
        assertThat(promotedImage()).isEqualTo(sourceImage());
    }

    @Test
    void aReopenedDiskSendsOnlyWhatChanged() throws Exception {
        SyncSession session = start(asynchronous());
        disk.write(0, bytes(7, 1 << 20));
        session.commitEpoch(context(G0));
        long number = disk.writeNumber();
        engine.close();
        disk.write(9000, bytes(8, 10));
        disk.close();
        disk = openDisk(G0);
        assertThat(disk.writeNumber()).isGreaterThan(number);
        engine = newEngine();
        SyncSession again = start(asynchronous());
        again.commitEpoch(context(G0));
        assertThat(again.status().sentBytes()).isLessThan(10_000);
        server.promote(TARGET, G1);
        assertThat(promotedImage()).isEqualTo(sourceImage());
    }

    @Test
    void aReplicaThatLostItsDataIsFilledAnewInOneEpoch() throws Exception {
        SyncSession session = start(asynchronous());
        disk.write(0, bytes(9, 300_000));
        session.commitEpoch(context(G0));
        server.close();
        try (var files = Files.walk(directory.resolve("replicas"))) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .filter(Files::isRegularFile)
                    .forEach(file -> file.toFile().delete());
        }
        server = listen(port);
        server.create(VM, TARGET, SIZE, BLOCK, G0);
        session.commitEpoch(context(G0));
        server.promote(TARGET, G1);
        assertThat(promotedImage()).isEqualTo(sourceImage());
    }

    @Test
    void aHeldWriteFailsAfterItsTimeoutAndIsSentAgainLater() throws Exception {
        SyncSession session = start(spec(SyncMode.SYNCHRONOUS, LinkLossPolicy.HOLD_WRITES, Duration.ofMillis(300)));
        await(session, SyncPhase.SYNCHRONOUS);
        server.close();
        assertThatThrownBy(() -> disk.write(0, bytes(10, 4096)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not confirmed");
        await(session, SyncPhase.INTERRUPTED);
        server = listen(port);
        await(session, SyncPhase.SYNCHRONOUS);
        session.commitEpoch(context(G0));
        disk.write(8192, bytes(11, 100));
        server.promote(TARGET, G1);
        assertThat(promotedImage()).isEqualTo(sourceImage());
    }

    @Test
    void aLostLinkHoldsWritesUntilTheLossIsRecordedAndSynchronyReturnsByItself() throws Exception {
        SyncSession session = start(spec(SyncMode.SYNCHRONOUS, LinkLossPolicy.FALL_BACK, Duration.ofMillis(300)));
        await(session, SyncPhase.SYNCHRONOUS);
        server.close();
        CompletableFuture<Long> write = CompletableFuture.supplyAsync(() -> {
            try {
                return disk.write(0, bytes(12, 4096));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        await(session, SyncPhase.DEGRADING);
        assertThat(write).isNotDone();
        session.acknowledgeDegraded(context(G0));
        write.get(10, TimeUnit.SECONDS);
        assertThat(session.status().phase()).isEqualTo(SyncPhase.DEGRADED);
        disk.write(4096, bytes(13, 100));
        server = listen(port);
        await(session, SyncPhase.SYNCHRONOUS);
        disk.write(8192, bytes(14, 100));
        server.promote(TARGET, G1);
        assertThat(promotedImage()).isEqualTo(sourceImage());
    }

    @Test
    void aSynchronousDiskHoldsItsWritesOverARestartUntilItsSessionIsBack() throws Exception {
        SyncSpec spec = spec(SyncMode.SYNCHRONOUS, LinkLossPolicy.HOLD_WRITES, Duration.ofMillis(500));
        SyncSession session = start(spec);
        await(session, SyncPhase.SYNCHRONOUS);
        engine.close();
        disk.close();
        disk = openDisk(G0);
        assertThatThrownBy(() -> disk.write(0, bytes(15, 100))).hasMessageContaining("not confirmed");
        engine = newEngine();
        SyncSession again = start(spec);
        await(again, SyncPhase.SYNCHRONOUS);
        disk.write(0, bytes(16, 100));
    }

    @Test
    void verifyFindsABlockThatWasChangedBehindTheReplicasBack() throws Exception {
        SyncSession session = start(asynchronous());
        disk.write(0, bytes(17, 1 << 20));
        session.commitEpoch(context(G0));
        assertThat(session.verify(LONG).isIdentical()).isTrue();
        Path image = directory.resolve("replicas").resolve(TARGET + ".replica").resolve("image");
        try (var file = new java.io.RandomAccessFile(image.toFile(), "rw")) {
            file.seek(700_000);
            file.write(file.read() ^ 0x55);
        }
        var report = session.verify(LONG);
        assertThat(report.differences()).hasSize(1);
        assertThat(report.differences().get(0).offset()).isLessThanOrEqualTo(700_001);
        assertThat(report.comparedBytes()).isEqualTo(SIZE);
    }

    @Test
    void verifyAgreesWhileTheGuestGoesOnWriting() throws Exception {
        SyncSession session = start(asynchronous());
        session.commitEpoch(context(G0));
        var stop = new java.util.concurrent.atomic.AtomicBoolean();
        CompletableFuture<Void> guest = CompletableFuture.runAsync(() -> write(stop));
        try {
            for (int i = 0; i < 10; i++) {
                assertThat(session.verify(LONG).differences()).isEmpty();
            }
        } finally {
            stop.set(true);
        }
        guest.get(10, TimeUnit.SECONDS);
    }

    private void write(java.util.concurrent.atomic.AtomicBoolean stop) {
        SplittableRandom random = new SplittableRandom(99);
        try {
            while (!stop.get()) {
                disk.write(random.nextLong(SIZE - 5000), bytes(random.nextLong(), 1 + random.nextInt(5000)));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aPausedSessionSendsNothingAndForgetsNothing() throws Exception {
        SyncSession session = start(asynchronous());
        session.commitEpoch(context(G0));
        session.pause(context(G0));
        assertThat(session.status().phase()).isEqualTo(SyncPhase.PAUSED);
        disk.write(0, bytes(18, 5000));
        assertThat(session.status().lagBytes()).isEqualTo(8192);
        assertThatThrownBy(() -> session.commitEpoch(context(G0)))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("PAUSED");
        session.resume(context(G0));
        session.commitEpoch(context(G0));
        assertThat(session.status().lagBytes()).isZero();
        assertThat(session.status().lag()).isZero();
    }

    @Test
    void aPauseHoldsSynchronousWritesUntilTheLossIsRecordedAndSynchronyReturnsWithTheResumption() throws Exception {
        SyncSession session = start(spec(SyncMode.SYNCHRONOUS, LinkLossPolicy.FALL_BACK, Duration.ofMillis(300)));
        await(session, SyncPhase.SYNCHRONOUS);
        session.pause(context(G0));
        assertThat(session.status().phase()).isEqualTo(SyncPhase.PAUSED);
        CompletableFuture<Long> write = CompletableFuture.supplyAsync(() -> {
            try {
                return disk.write(0, bytes(31, 4096));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        await(session, SyncPhase.DEGRADING);
        assertThat(write).isNotDone();
        assertThat(server.status(TARGET).orElseThrow().writeNumber()).isZero();
        session.acknowledgeDegraded(context(G0));
        write.get(10, TimeUnit.SECONDS);
        assertThat(session.status().phase()).isEqualTo(SyncPhase.PAUSED);
        assertThat(server.status(TARGET).orElseThrow().writeNumber()).isZero();
        session.resume(context(G0));
        await(session, SyncPhase.SYNCHRONOUS);
        disk.write(8192, bytes(32, 100));
        server.promote(TARGET, G1);
        assertThat(promotedImage()).isEqualTo(sourceImage());
    }

    @Test
    void aPauseFailsSynchronousWritesAfterTheirTimeoutIfTheyMayNotGoOnAlone() throws Exception {
        SyncSession session = start(spec(SyncMode.SYNCHRONOUS, LinkLossPolicy.HOLD_WRITES, Duration.ofMillis(300)));
        await(session, SyncPhase.SYNCHRONOUS);
        session.pause(context(G0));
        assertThatThrownBy(() -> disk.write(0, bytes(33, 4096)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not confirmed");
        assertThat(session.status().phase()).isEqualTo(SyncPhase.PAUSED);
        session.acknowledgeDegraded(context(G0));
        assertThatThrownBy(() -> disk.write(0, bytes(34, 4096))).hasMessageContaining("not confirmed");
        session.resume(context(G0));
        session.commitEpoch(context(G0));
        await(session, SyncPhase.SYNCHRONOUS);
        server.promote(TARGET, G1);
        assertThat(promotedImage()).isEqualTo(sourceImage());
    }

    @Test
    void aPausedSynchronousSessionLetsTheGuestGoOnOnceItsModeIsAsynchronous() throws Exception {
        SyncSession session = start(spec(SyncMode.SYNCHRONOUS, LinkLossPolicy.HOLD_WRITES, Duration.ofSeconds(10)));
        await(session, SyncPhase.SYNCHRONOUS);
        engine.open(asynchronous(), LONG);
        session.pause(context(G0));
        disk.write(0, bytes(35, 100));
        assertThat(session.status().phase()).isEqualTo(SyncPhase.PAUSED);
    }

    @Test
    void aForeignProgramOnThePortIsRefusedAndChangesNothing() throws Exception {
        SyncSession session = start(asynchronous());
        session.commitEpoch(context(G0));
        ReplicaStatus before = server.status(TARGET).orElseThrow();
        byte[][] foreign = {
            "GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html,application/xhtml+xml\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII),
            bytes(19, 5000).array(),
            ByteBuffer.allocate(64).putInt(0x53484457).putInt(Integer.MAX_VALUE).array(),
        };
        for (byte[] content : foreign) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(content);
                assertThat(readToEnd(socket)).isLessThan(2000);
            }
        }
        assertThat(server.status(TARGET)).contains(before);
        session.commitEpoch(context(G0));
    }

    private static long readToEnd(Socket socket) {
        try {
            return socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException reset) {
            return 0;
        }
    }

    @Test
    void aSilentConnectionIsCutAfterTheTimeout() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(15_000);
            assertThat(readToEnd(socket)).isLessThan(2000);
        }
    }

    @Test
    void onlyOneServerAndOneDiskPerDirectory() {
        assertThatThrownBy(() -> listen(0)).isInstanceOf(IOException.class).hasMessageContaining("open already");
        assertThatThrownBy(() -> openDisk(G0)).isInstanceOf(IOException.class).hasMessageContaining("open already");
    }

    @Test
    void creationIsIdempotentAndRefusesAnotherShape() throws Exception {
        server.create(VM, TARGET, SIZE, BLOCK, G0);
        assertThatThrownBy(() -> server.create(VM, TARGET, SIZE * 2, BLOCK, G0))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("4194304");
        assertThatThrownBy(() -> server.promote(TARGET, G1)).hasMessageContaining("no committed epoch");
        server.create(VM, TARGET, SIZE, BLOCK, G1);
        assertThatThrownBy(() -> server.create(VM, TARGET, SIZE, BLOCK, G0))
                .isInstanceOf(StaleGenerationException.class);
        server.remove(TARGET);
        server.remove(TARGET);
        assertThat(server.replicas()).isEmpty();
    }

    @Test
    void aReplicaWhoseStateCannotBeReadIsNotOverwrittenUntilItIsRemoved() throws Exception {
        SyncSession session = start(asynchronous());
        disk.write(0, bytes(36, 10_000));
        session.commitEpoch(context(G0));
        session.close();
        server.close();
        Path replica = directory.resolve("replicas").resolve(TARGET + ".replica");
        byte[] state = Files.readAllBytes(replica.resolve("state"));
        byte[] damaged = state.clone();
        damaged[100] ^= 1;
        damaged[1124] ^= 1;
        Files.write(replica.resolve("state"), damaged);
        server = listen(port);
        assertThat(server.status(TARGET)).isEmpty();
        assertThatThrownBy(() -> server.create(VM, TARGET, SIZE, BLOCK, G0))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.retry()).isEqualTo(SyncException.Retry.PERMANENT))
                .hasMessageContaining(directory.resolve("replicas").toString())
                .hasMessageContaining(TARGET + ".replica")
                .hasMessageContaining("removing the replica");

        server.close();
        Files.write(replica.resolve("state"), state);
        server = listen(port);
        assertThat(server.status(TARGET).orElseThrow().committedEpoch()).isPresent();

        server.close();
        Files.write(replica.resolve("state"), damaged);
        server = listen(port);
        server.remove(TARGET);
        server.create(VM, TARGET, SIZE, BLOCK, G0);
        assertThat(server.status(TARGET).orElseThrow().committedEpoch()).isEmpty();
    }

    @Test
    void anInterruptedWriterLeavesTheDiskUsable() throws Exception {
        Thread.currentThread().interrupt();
        disk.write(0, bytes(20, 100));
        assertThat(Thread.interrupted()).isTrue();
        disk.write(0, bytes(21, 100));
        ByteBuffer back = ByteBuffer.allocate(100);
        disk.read(0, back);
        assertThat(back.flip()).isEqualTo(bytes(21, 100));
    }

    @Test
    void aCopyOfTheReplicaEqualsItsCommittedEpochWhileReplicationGoesOn() throws Exception {
        SyncSession session = start(asynchronous());
        disk.write(12_345, bytes(22, 100_000));
        session.commitEpoch(context(G0));
        Path copy = directory.resolve("copy.img");
        server.copyImage(TARGET, copy);
        assertThat(Files.readAllBytes(copy)).isEqualTo(sourceImage());
        assertThat(session.verify(LONG).isIdentical()).isTrue();
    }

    @Test
    void aFullDiskOfTheTargetIsReportedAndTheReplicaStaysAtItsEpoch() throws Exception {
        SimulatedStorage storage = SimulatedStorage.create();
        try (ReplicaServer full = ReplicaServer.listen(
                ReplicaAddress.tcp("127.0.0.1", 0),
                directory.resolve("other"),
                ReplicaServerOptions.defaults(),
                storage)) {
            full.create(VM, TARGET, SIZE, BLOCK, G0);
            port = full.port();
            SyncSession session = start(asynchronous());
            long before = session.commitEpoch(context(G0));
            storage.freeBytes(100_000);
            disk.write(0, bytes(30, 1_000_000));
            await(session, SyncPhase.INTERRUPTED);
            assertThatThrownBy(() -> session.commitEpoch(CallContext.of("full", G0, Duration.ofMillis(500))))
                    .isInstanceOf(SyncException.class);
            assertThat(full.status(TARGET).orElseThrow().committedEpoch()).hasValue(before);
            CompletableFuture<String> detail = new CompletableFuture<>();
            try (var unused = session.subscribe(status -> {
                if (status.phase() == SyncPhase.INTERRUPTED && status.detail().contains("No space left")) {
                    detail.complete(status.detail());
                }
            })) {
                assertThat(detail.get(10, TimeUnit.SECONDS)).contains("stays at epoch " + before);
            }
            storage.freeBytes(Long.MAX_VALUE);
            assertThat(session.commitEpoch(context(G0))).isGreaterThan(before);
            assertThat(session.verify(LONG).isIdentical()).isTrue();
        }
    }
}
