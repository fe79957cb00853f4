package dev.shadow.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real process that writes through a replicated disk and is killed, again and again. */
@Timeout(120)
class KilledSourceTest {
    private static final long SIZE = 2 << 20;
    private static final int BLOCK = 4096;
    private static final int KILLS = 4;
    private static final InstanceId TARGET = InstanceId.of("vm1-b");

    @TempDir
    Path directory;

    @Test
    void aKilledSynchronousSourceLosesNothingItAcknowledged() throws Exception {
        killAndCompare(SyncMode.SYNCHRONOUS);
    }

    @Test
    void aKilledAsynchronousSourceForgetsNoBlock() throws Exception {
        killAndCompare(SyncMode.ASYNCHRONOUS);
    }

    private void killAndCompare(SyncMode mode) throws Exception {
        try (ReplicaServer server = ReplicaServer.listen(
                ReplicaAddress.tcp("127.0.0.1", 0), directory.resolve("replicas"), ReplicaServerOptions.defaults())) {
            server.create(VmId.of("vm1"), TARGET, SIZE, BLOCK, Generation.INITIAL);
            int port = server.port();
            for (int kill = 0; kill < KILLS; kill++) {
                long acknowledged = runAndKill(port, mode, kill);
                if (mode == SyncMode.SYNCHRONOUS) {
                    assertThat(server.status(TARGET).orElseThrow().writeNumber())
                            .isGreaterThanOrEqualTo(acknowledged);
                }
            }
            try (Source source = Source.open(directory, port, mode)) {
                source.session.commitEpoch(CallContext.of("last", Generation.INITIAL, Duration.ofSeconds(30)));
                assertThat(source.session.verify(Duration.ofSeconds(30)).isIdentical())
                        .isTrue();
            }
            server.promote(TARGET, Generation.of(1));
            assertThat(Files.readAllBytes(server.image(TARGET)))
                    .isEqualTo(Files.readAllBytes(directory.resolve("disk.img")));
        }
    }

    /** Returns the highest write number that the child has printed as acknowledged. */
    private long runAndKill(int port, SyncMode mode, int round) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledSourceTest.class.getName(),
                        directory.toString(),
                        Integer.toString(port),
                        mode.name())
                .redirectError(directory.resolve("child-" + round + ".log").toFile())
                .start();
        long acknowledged = 0;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            int toRead = 100 + round * 137;
            for (int lines = 0; lines < toRead; lines++) {
                String line = out.readLine();
                assertThat(line)
                        .as("child %s: %s", round, Files.readString(directory.resolve("child-" + round + ".log")))
                        .isNotNull();
                acknowledged = Long.parseLong(line);
            }
            child.destroyForcibly();
            child.waitFor();
        }
        return acknowledged;
    }

    private record Source(ReplicatedDisk disk, BlockReplication engine, SyncSession session) implements AutoCloseable {
        static Source open(Path directory, int port, SyncMode mode) throws Exception {
            InstanceId instance = InstanceId.of("vm1-a");
            ReplicatedDisk disk = ReplicatedDisk.open(
                    new DiskSpec(
                            VmId.of("vm1"), instance, Generation.INITIAL, directory.resolve("disk.img"), SIZE, BLOCK),
                    directory.resolve("state"),
                    InstantSource.system());
            BlockReplication engine = BlockReplication.overTcp(BlockReplicationConfig.builder()
                    .disks(any -> Optional.of(disk))
                    .network(ReplicaNetwork.builder()
                            .targets(any -> Optional.of(ReplicaAddress.tcp("127.0.0.1", port)))
                            .build())
                    .frameBytes(16 << 10)
                    .windowBytes(256 << 10)
                    .build());
            SyncSession session = engine.open(
                    new SyncSpec(
                            VmId.of("vm1"),
                            instance,
                            HostId.of("a"),
                            TARGET,
                            HostId.of("b"),
                            Generation.INITIAL,
                            SyncMethod.BLOCK,
                            mode,
                            LinkLossPolicy.HOLD_WRITES,
                            Duration.ofMillis(60),
                            Duration.ofSeconds(20)),
                    Duration.ofSeconds(20));
            session.start(CallContext.of("start", Generation.INITIAL, Duration.ofSeconds(20)));
            return new Source(disk, engine, session);
        }

        @Override
        public void close() throws IOException {
            engine.close();
            disk.close();
        }
    }

    /** The child: writes until it is killed and prints the number of each acknowledged write. */
    public static void main(String[] args) throws Exception {
        SyncMode mode = SyncMode.valueOf(args[2]);
        try (Source source = Source.open(Path.of(args[0]), Integer.parseInt(args[1]), mode)) {
            if (mode == SyncMode.SYNCHRONOUS) {
                CountDownLatch synchronous = new CountDownLatch(1);
                source.session.subscribe(status -> {
                    if (status.phase() == SyncPhase.SYNCHRONOUS) {
                        synchronous.countDown();
                    }
                });
                if (source.session.status().phase() != SyncPhase.SYNCHRONOUS) {
                    synchronous.await();
                }
            }
            long state = source.disk.writeNumber() + 1;
            byte[] content = new byte[3000];
            while (true) {
                state = state * 6364136223846793005L + 1442695040888963407L;
                java.util.Arrays.fill(content, (byte) (state >>> 40));
                long offset = Long.remainderUnsigned(state >>> 8, SIZE - content.length);
                long number = source.disk.write(offset, ByteBuffer.wrap(content));
                System.out.println(number);
            }
        }
    }
}
