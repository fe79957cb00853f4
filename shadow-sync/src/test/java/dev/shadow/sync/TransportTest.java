package dev.shadow.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same replication over every kind of connection, and who is refused by it. */
class TransportTest {
    private static final VmId VM = VmId.of("vm1");
    private static final InstanceId SOURCE = InstanceId.of("vm1-a");
    private static final InstanceId TARGET = InstanceId.of("vm1-b");
    private static final HostId HOST = HostId.of("host-b");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int SIZE = 8 << 20;
    private static final int BLOCK = 64 << 10;

    @TempDir
    static Path keys;

    private static TestCertificates serverKey;
    private static TestCertificates sourceKey;
    private static TestCertificates strangerKey;

    @TempDir
    Path directory;

    @BeforeAll
    static void makeKeys() throws Exception {
        serverKey = TestCertificates.make(keys, "server", "localhost");
        sourceKey = TestCertificates.make(keys, "source", "localhost");
        strangerKey = TestCertificates.make(keys, "stranger", "localhost");
    }

    private static Tls serverTls() throws Exception {
        return Tls.mutual(serverKey.trusting(sourceKey));
    }

    private ReplicaServer serve(ReplicaAddress address, Optional<Tls> tls) throws Exception {
        ReplicaServerOptions options = ReplicaServerOptions.defaults().withIoTimeout(Duration.ofSeconds(3));
        ReplicaServer server = ReplicaServer.listen(
                address, directory.resolve("replicas"), tls.isPresent() ? options.withTls(tls.get()) : options);
        server.create(VM, TARGET, SIZE, BLOCK, Generation.INITIAL);
        return server;
    }

    private static ReplicaNetwork reach(ReplicaServer server, Optional<Tls> tls) {
        ReplicaNetwork.Builder network = ReplicaNetwork.builder()
                .targets(host -> Optional.of(server.address()))
                .ioTimeout(Duration.ofSeconds(3))
                .backoff(Duration.ofMillis(10), Duration.ofMillis(100));
        tls.ifPresent(network::tls);
        return network.build();
    }

    private void replicateAndCompare(ReplicaServer server, Optional<Tls> tls) throws Exception {
        try (ReplicatedDisk disk = ReplicatedDisk.open(
                        new DiskSpec(VM, SOURCE, Generation.INITIAL, directory.resolve("disk"), SIZE, BLOCK),
                        directory.resolve("state"),
                        InstantSource.system());
                BlockReplication engine = BlockReplication.overTcp(BlockReplicationConfig.builder()
                        .disks(instance -> Optional.of(disk))
                        .network(reach(server, tls))
                        .build())) {
            byte[] content = new byte[SIZE];
            new SplittableRandom(7).nextBytes(content);
            disk.write(0, ByteBuffer.wrap(content));
            SyncSession session = engine.open(spec(SyncMode.SYNCHRONOUS), LONG);
            CompletableFuture<Void> synchronous = new CompletableFuture<>();
            session.subscribe(status -> {
                if (status.phase() == SyncPhase.SYNCHRONOUS) {
                    synchronous.complete(null);
                }
            });
            session.start(CallContext.of("start", Generation.INITIAL, LONG));
            synchronous.get(30, TimeUnit.SECONDS);
            for (int i = 0; i < 20; i++) {
                disk.write((long) i * BLOCK * 3, ByteBuffer.wrap(content, i, 5000));
            }
            assertThat(session.verify(LONG).isIdentical()).isTrue();
            assertThat(server.status(TARGET).orElseThrow().writeNumber()).isEqualTo(21);
        }
    }

    private static SyncSpec spec(SyncMode mode) {
        return new SyncSpec(
                VM,
                SOURCE,
                HostId.of("host-a"),
                TARGET,
                HOST,
                Generation.INITIAL,
                SyncMethod.BLOCK,
                mode,
                LinkLossPolicy.HOLD_WRITES,
                Duration.ofSeconds(1),
                LONG);
    }

    private BlockReplication manager(ReplicaServer server, Optional<Tls> tls) {
        return BlockReplication.overTcp(
                BlockReplicationConfig.builder().network(reach(server, tls)).build());
    }

    @Test
    void aReplicaIsTheSameOverTcp() throws Exception {
        try (ReplicaServer server = serve(ReplicaAddress.tcp("localhost", 0), Optional.empty())) {
            replicateAndCompare(server, Optional.empty());
        }
    }

    @Test
    void aReplicaIsTheSameOverAUnixSocket() throws Exception {
        try (ReplicaServer server = serve(ReplicaAddress.unix(directory.resolve("s")), Optional.empty())) {
            replicateAndCompare(server, Optional.empty());
            assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);
        }
        assertThat(directory.resolve("s")).doesNotExist();
    }

    @Test
    void aReplicaIsTheSameOverTls() throws Exception {
        try (ReplicaServer server = serve(ReplicaAddress.tcp("localhost", 0), Optional.of(serverTls()))) {
            replicateAndCompare(server, Optional.of(Tls.mutual(sourceKey.trusting(serverKey))));
        }
    }

    private void expectNothing(ReplicaServer server, Optional<Tls> tls) {
        try (BlockReplication manager = manager(server, tls)) {
            assertThatThrownBy(() -> manager.targetStatus(HOST, TARGET, Duration.ofSeconds(5)))
                    .isInstanceOf(SyncException.class);
        }
    }

    @Test
    void whoHasNoTrustedCertificateLearnsNothing() throws Exception {
        try (ReplicaServer server = serve(ReplicaAddress.tcp("localhost", 0), Optional.of(serverTls()))) {
            expectNothing(server, Optional.empty());
            expectNothing(server, Optional.of(Tls.mutual(serverKey.anonymous())));
            expectNothing(server, Optional.of(Tls.mutual(strangerKey.trusting(serverKey))));
            try (BlockReplication manager = manager(server, Optional.of(Tls.mutual(sourceKey.trusting(serverKey))))) {
                assertThat(manager.targetStatus(HOST, TARGET, LONG)).isPresent();
            }
        }
    }

    @Test
    void aServerThatTheSourceDoesNotTrustGetsNothing() throws Exception {
        Tls impostor = Tls.mutual(strangerKey.trusting(sourceKey));
        try (ReplicaServer server = serve(ReplicaAddress.tcp("localhost", 0), Optional.of(impostor))) {
            expectNothing(server, Optional.of(Tls.mutual(sourceKey.trusting(serverKey))));
        }
    }

    @Test
    void aTrustedCertificateForAnotherHostIsRefusedUnlessHostNamesAreNotCompared() throws Exception {
        TestCertificates elsewhere = TestCertificates.make(keys, "elsewhere", "elsewhere.example");
        Tls tls = Tls.mutual(elsewhere.trusting(sourceKey));
        try (ReplicaServer server = serve(ReplicaAddress.tcp("localhost", 0), Optional.of(tls))) {
            Tls source = Tls.mutual(sourceKey.trusting(elsewhere));
            expectNothing(server, Optional.of(source));
            try (BlockReplication manager = manager(server, Optional.of(source.withoutHostNames()))) {
                assertThat(manager.targetStatus(HOST, TARGET, LONG)).isPresent();
            }
        }
    }

    @Test
    void whoConnectsAndSaysNothingIsCutOff() throws Exception {
        ReplicaServerOptions hasty = ReplicaServerOptions.defaults().withIoTimeout(Duration.ofMillis(100));
        Path replicas = directory.resolve("replicas");
        try (ReplicaServer server =
                        ReplicaServer.listen(ReplicaAddress.tcp("localhost", 0), replicas, hasty.withTls(serverTls()));
                Socket silent = new Socket("localhost", server.port())) {
            silent.setSoTimeout(20_000);
            InputStream in = silent.getInputStream();
            while (in.read() >= 0) {
                // A TLS alert may come before the end.
                assertThat(server.replicas()).isEmpty();
            }
        }
        Path socket = directory.resolve("s");
        try (ReplicaServer server = ReplicaServer.listen(ReplicaAddress.unix(socket), replicas, hasty);
                SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ByteBuffer said = ByteBuffer.allocate(1 << 16);
            int count = silent.read(said);
            while (count >= 0 && said.hasRemaining()) {
                count = silent.read(said);
            }
            assertThat(count).isNegative();
            assertThat(server.replicas()).isEmpty();
        }
    }

    @Test
    void theSocketOfADeadServerIsReplacedAndThatOfALiveOneIsNot() throws Exception {
        Path socket = directory.resolve("s");
        ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        dead.bind(UnixDomainSocketAddress.of(socket));
        dead.close();
        assertThat(socket).exists();
        try (ReplicaServer server = serve(ReplicaAddress.unix(socket), Optional.empty())) {
            assertThat(server.address()).hasToString("unix:" + socket);
            assertThatThrownBy(() -> ReplicaServer.listen(
                            ReplicaAddress.unix(socket), directory.resolve("more"), ReplicaServerOptions.defaults()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("a server answers there already");
            try (BlockReplication manager = manager(server, Optional.empty())) {
                assertThat(manager.targetStatus(HOST, TARGET, LONG)).isPresent();
            }
        }
    }

    @Test
    void aFileInThePlaceOfASocketIsKept() throws Exception {
        Path file = Files.writeString(directory.resolve("s"), "precious");
        assertThatThrownBy(() -> serve(ReplicaAddress.unix(file), Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other than a socket");
        assertThat(file).hasContent("precious");
    }

    @Test
    void addressesAreReadAsTheyAreWritten() {
        for (String text : new String[] {"host-b:7000", "[::1]:7000", "unix:/run/shadow/replicas"}) {
            assertThat(ReplicaAddress.parse(text)).hasToString(text);
        }
        for (String text : new String[] {"host-b", "host-b:", "host-b:70000", "::1:7000", ":7000", "unix:", "h:x"}) {
            assertThatThrownBy(() -> ReplicaAddress.parse(text)).as(text).isInstanceOf(InvalidValueException.class);
        }
    }
}
