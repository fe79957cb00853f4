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
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One disk with replicas on two servers, over real sockets and files. */
@Timeout(60)
@SuppressWarnings("try")
class SeveralReplicasTest {
    private static final long SIZE = 2 << 20;
    private static final int BLOCK = 4096;
    private static final VmId VM = VmId.of("vm1");
    private static final InstanceId SOURCE = InstanceId.of("vm1-a");
    private static final Generation G0 = Generation.INITIAL;
    private static final Generation G1 = Generation.of(1);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    Path directory;

    private Site left;
    private Site right;
    private ReplicatedDisk disk;
    private BlockReplication engine;

    /** A host with a replica server, and the link to it. */
    private record Site(HostId host, InstanceId target, ReplicaServer server, CuttableForwarder link) {
        static Site open(Path directory, String name) throws Exception {
            ReplicaServer server = ReplicaServer.listen(
                    ReplicaAddress.tcp("127.0.0.1", 0), directory.resolve(name), ReplicaServerOptions.defaults());
            InstanceId target = InstanceId.of("vm1-" + name);
            server.create(VM, target, SIZE, BLOCK, G0);
            return new Site(HostId.of(name), target, server, CuttableForwarder.to(server.port()));
        }

        SyncSpec spec(SyncMode mode, LinkLossPolicy policy, Duration writeTimeout) {
            return new SyncSpec(
                    VM,
                    SOURCE,
                    HostId.of("host-a"),
                    target,
                    host,
                    G0,
                    SyncMethod.BLOCK,
                    mode,
                    policy,
                    Duration.ofMillis(60),
                    writeTimeout);
        }

        ReplicaStatus status() {
            return server.status(target).orElseThrow();
        }

        byte[] promoted(Generation generation) throws Exception {
            server.promote(target, generation);
            return Files.readAllBytes(server.image(target));
        }

        void close() throws IOException {
            link.close();
            server.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        left = Site.open(directory, "left");
        right = Site.open(directory, "right");
        disk = openDisk();
        engine = newEngine();
    }

    @AfterEach
    void close() throws Exception {
        engine.close();
        disk.close();
        left.close();
        right.close();
    }

    private ReplicatedDisk openDisk() throws IOException {
        return ReplicatedDisk.open(
                new DiskSpec(VM, SOURCE, G0, directory.resolve("disk.img"), SIZE, BLOCK),
                directory.resolve("state"),
                InstantSource.system());
    }

    private BlockReplication newEngine() {
        return BlockReplication.overTcp(BlockReplicationConfig.builder()
                .disks(instance -> instance.equals(SOURCE) ? Optional.of(disk) : Optional.empty())
                .network(ReplicaNetwork.builder()
                        .targets(this::address)
                        .ioTimeout(Duration.ofSeconds(3))
                        .backoff(Duration.ofMillis(10), Duration.ofMillis(50))
                        .build())
                .frameBytes(16 << 10)
                .windowBytes(128 << 10)
                .build());
    }

    private Optional<ReplicaAddress> address(HostId host) {
        CuttableForwarder link = host.equals(left.host()) ? left.link() : right.link();
        return Optional.of(ReplicaAddress.tcp("127.0.0.1", link.port()));
    }

    private SyncSession start(SyncSpec spec) throws Exception {
        SyncSession session = engine.open(spec, LONG);
        session.start(context());
        return session;
    }

    private SyncSession startAsynchronous(Site site) throws Exception {
        return start(site.spec(SyncMode.ASYNCHRONOUS, LinkLossPolicy.FALL_BACK, LONG));
    }

    private SyncSession startSynchronous(Site site, LinkLossPolicy policy, Duration writeTimeout) throws Exception {
        SyncSession session = start(site.spec(SyncMode.SYNCHRONOUS, policy, writeTimeout));
        await(session, SyncPhase.SYNCHRONOUS);
        return session;
    }

    private static CallContext context() {
        return CallContext.of("test", G0, LONG);
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

    private CompletableFuture<Long> writing(long offset, ByteBuffer content) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return disk.write(offset, content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private byte[] sourceImage() throws IOException {
        return Files.readAllBytes(directory.resolve("disk.img"));
    }

    @Test
    void twoAsynchronousReplicasFollowAtTheirOwnPace() throws Exception {
        SyncSession toLeft = startAsynchronous(left);
        SyncSession toRight = startAsynchronous(right);
        toLeft.commitEpoch(context());
        toRight.commitEpoch(context());
        toRight.pause(context());
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 300; i++) {
            disk.write(random.nextLong(SIZE - 9000), bytes(i, 1 + random.nextInt(9000)));
            if (i % 100 == 50) {
                toLeft.commitEpoch(context());
            }
        }
        toLeft.commitEpoch(context());
        assertThat(left.status().writeNumber()).isEqualTo(disk.writeNumber());
        assertThat(right.status().writeNumber()).isZero();
        assertThat(toLeft.status().lagBytes()).isZero();
        assertThat(toRight.status().lagBytes()).isPositive();
        assertThat(toLeft.verify(LONG).isIdentical()).isTrue();

        toRight.resume(context());
        toRight.commitEpoch(context());
        assertThat(disk.peers()).containsExactly(left.target(), right.target());
        assertThat(left.promoted(G1)).isEqualTo(sourceImage());
        assertThat(right.promoted(G1)).isEqualTo(sourceImage());
    }

    @Test
    void bothReplicasAreExactWhileTheGuestGoesOnWriting() throws Exception {
        SyncSession toLeft = startAsynchronous(left);
        SyncSession toRight = startAsynchronous(right);
        CountDownLatch stop = new CountDownLatch(1);
        CompletableFuture<Void> guest = CompletableFuture.runAsync(() -> {
            SplittableRandom random = new SplittableRandom(2);
            while (stop.getCount() > 0) {
                writing(random.nextLong(SIZE - 9000), bytes(random.nextLong(), 1 + random.nextInt(9000)))
                        .join();
            }
        });
        try {
            for (int i = 0; i < 5; i++) {
                assertThat(toLeft.verify(LONG).differences()).isEmpty();
                assertThat(toRight.verify(LONG).differences()).isEmpty();
            }
        } finally {
            stop.countDown();
        }
        guest.get(10, TimeUnit.SECONDS);
    }

    @Test
    void anAcknowledgedWriteIsOnBothSynchronousReplicas() throws Exception {
        startSynchronous(left, LinkLossPolicy.HOLD_WRITES, LONG);
        startSynchronous(right, LinkLossPolicy.FALL_BACK, LONG);
        for (int i = 0; i < 100; i++) {
            long number = disk.write((i * 7919L) % (SIZE - 600), bytes(i, 600));
            assertThat(left.status().writeNumber()).isGreaterThanOrEqualTo(number);
            assertThat(right.status().writeNumber()).isGreaterThanOrEqualTo(number);
        }
        assertThat(left.promoted(G1)).isEqualTo(sourceImage());
        assertThat(right.promoted(G1)).isEqualTo(sourceImage());
    }

    @Test
    void onlyTheSynchronousOneOfTwoReplicasHoldsWrites() throws Exception {
        startAsynchronous(left).commitEpoch(context());
        startSynchronous(right, LinkLossPolicy.HOLD_WRITES, LONG);
        left.link().cut();
        long number = disk.write(0, bytes(3, 100));
        assertThat(right.status().writeNumber()).isEqualTo(number);
    }

    @Test
    void aReplicaThatIsCutFallsBackAndReturnsByItselfWhileTheOtherStaysSynchronous() throws Exception {
        SyncSession toLeft = startSynchronous(left, LinkLossPolicy.FALL_BACK, SHORT);
        SyncSession toRight = startSynchronous(right, LinkLossPolicy.FALL_BACK, LONG);
        left.link().cut();
        CompletableFuture<Long> write = writing(0, bytes(4, 4096));
        await(toLeft, SyncPhase.DEGRADING);
        toRight.commitEpoch(context());
        assertThat(right.status().writeNumber()).isEqualTo(disk.writeNumber());
        assertThat(write).isNotDone();
        toLeft.acknowledgeDegraded(context());
        write.get(10, TimeUnit.SECONDS);

        for (int i = 0; i < 20; i++) {
            long number = disk.write(i * 5000L, bytes(i, 600));
            assertThat(right.status().writeNumber()).isGreaterThanOrEqualTo(number);
        }
        assertThat(toLeft.status().phase()).isEqualTo(SyncPhase.DEGRADED);
        assertThat(toRight.status().phase()).isEqualTo(SyncPhase.SYNCHRONOUS);

        left.link().heal();
        await(toLeft, SyncPhase.SYNCHRONOUS);
        long number = disk.write(8192, bytes(5, 100));
        assertThat(left.status().writeNumber()).isGreaterThanOrEqualTo(number);
        assertThat(right.status().writeNumber()).isGreaterThanOrEqualTo(number);
        assertThat(left.promoted(G1)).isEqualTo(sourceImage());
        assertThat(right.promoted(G1)).isEqualTo(sourceImage());
    }

    @Test
    void aReplicaThatHoldsWritesFailsThemAfterItsTimeoutAlthoughTheOtherWaitsWithoutLimit() throws Exception {
        SyncSession toLeft = startSynchronous(left, LinkLossPolicy.FALL_BACK, LONG);
        SyncSession toRight = startSynchronous(right, LinkLossPolicy.HOLD_WRITES, SHORT);
        left.link().cut();
        right.link().cut();
        assertThatThrownBy(() -> writing(0, bytes(6, 100)).get(10, TimeUnit.SECONDS))
                .rootCause()
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not confirmed by replica " + right.target());
        left.link().heal();
        right.link().heal();
        toLeft.commitEpoch(context());
        toRight.commitEpoch(context());
        assertThat(left.promoted(G1)).isEqualTo(sourceImage());
        assertThat(right.promoted(G1)).isEqualTo(sourceImage());
    }

    @Test
    void anEmptyWriteWaitsForNoReplica() throws Exception {
        startSynchronous(left, LinkLossPolicy.HOLD_WRITES, LONG);
        long before = disk.write(0, bytes(8, 100));
        assertThat(writing(0, ByteBuffer.allocate(0)).get(5, TimeUnit.SECONDS)).isGreaterThan(before);
    }

    @Test
    void thePromotionOfOneReplicaFencesTheDiskWhileTheOtherIsAttached() throws Exception {
        SyncSession toLeft = startSynchronous(left, LinkLossPolicy.HOLD_WRITES, LONG);
        SyncSession toRight = startSynchronous(right, LinkLossPolicy.HOLD_WRITES, LONG);
        disk.write(0, bytes(9, 5000));
        byte[] atPromotion = sourceImage();
        toLeft.promote(CallContext.of("promote", G1, LONG));

        assertThat(disk.fencedBy()).contains(G1);
        assertThatThrownBy(() -> disk.write(0, bytes(10, 10))).isInstanceOf(StaleGenerationException.class);
        assertThat(toLeft.status().phase()).isEqualTo(SyncPhase.PROMOTED);
        toRight.commitEpoch(context());
        assertThat(Files.readAllBytes(left.server().image(left.target()))).isEqualTo(atPromotion);
        assertThat(right.promoted(G1)).isEqualTo(atPromotion);
    }

    @Test
    void aWriteThatWaitsForOneReplicaIsRefusedOnceTheOtherIsPromoted() throws Exception {
        SyncSession toLeft = startAsynchronous(left);
        toLeft.commitEpoch(context());
        startSynchronous(right, LinkLossPolicy.FALL_BACK, LONG);
        right.link().cut();
        CompletableFuture<Long> write = writing(0, bytes(11, 10));
        toLeft.promote(CallContext.of("promote", G1, LONG));
        assertThatThrownBy(() -> write.get(10, TimeUnit.SECONDS))
                .rootCause()
                .isInstanceOf(StaleGenerationException.class);
    }

    @Test
    void aForgottenReplicaHoldsNoWriteAndStartsFromAFullCopy() throws Exception {
        SyncSession toLeft = startSynchronous(left, LinkLossPolicy.HOLD_WRITES, SHORT);
        startSynchronous(right, LinkLossPolicy.HOLD_WRITES, LONG);
        disk.write(0, bytes(12, 100_000));
        assertThatThrownBy(() -> disk.forgetPeer(left.target()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("close it first");
        toLeft.close();
        disk.forgetPeer(left.target());
        disk.forgetPeer(left.target());
        assertThat(disk.peers()).containsExactly(right.target());
        assertThat(directory.resolve("state").resolve(left.target() + ".peer")).doesNotExist();
        long number = disk.write(200_000, bytes(13, 100));
        assertThat(right.status().writeNumber()).isEqualTo(number);

        SyncSession again = startAsynchronous(left);
        again.commitEpoch(context());
        assertThat(again.status().sentBytes()).isGreaterThan(100_000);
        assertThat(left.promoted(G1)).isEqualTo(sourceImage());
    }

    @Test
    void anUnattachedSynchronousReplicaHoldsWritesUntilItIsForgotten() throws Exception {
        startSynchronous(left, LinkLossPolicy.HOLD_WRITES, SHORT);
        startSynchronous(right, LinkLossPolicy.HOLD_WRITES, LONG);
        engine.close();
        disk.close();
        disk = openDisk();
        engine = newEngine();
        startSynchronous(right, LinkLossPolicy.HOLD_WRITES, LONG);
        assertThatThrownBy(() -> disk.write(0, bytes(14, 100)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not confirmed by replica " + left.target());
        disk.forgetPeer(left.target());
        disk.write(0, bytes(15, 100));
    }
}
