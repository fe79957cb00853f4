package dev.shadow.examples.replicate;

import dev.shadow.spi.HostId;
import dev.shadow.sync.BlockReplication;
import dev.shadow.sync.BlockReplicationConfig;
import dev.shadow.sync.ReplicaAddress;
import dev.shadow.sync.ReplicaNetwork;
import dev.shadow.sync.ReplicatedDisk;
import dev.shadow.sync.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say how a replica server is reached or reachable. */
final class Connection {
    /** The one host that a command speaks to. */
    static final HostId HOST = HostId.of("target");

    /** The longest wait for one answer. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    @ArgGroup(exclusive = false, heading = "%nTLS with a certificate on both sides:%n")
    private @Nullable Stores stores;

    /** Key and trust stores. */
    static final class Stores {
        @Option(
                names = "--tls-keys",
                paramLabel = "FILE",
                required = true,
                description = "PKCS #12 file with the own key and certificate.")
        private Path keys = Path.of("");

        @Option(
                names = "--tls-trust",
                paramLabel = "FILE",
                required = true,
                description = "PKCS #12 file with the certificates to trust.")
        private Path trust = Path.of("");

        @Option(
                names = "--tls-password-file",
                paramLabel = "FILE",
                required = true,
                description = "File whose first line is the password of both.")
        private Path password = Path.of("");
    }

    /** TLS as the options ask for it. */
    Optional<Tls> tls() throws IOException {
        Stores given = stores;
        if (given == null) {
            return Optional.empty();
        }
        try {
            char[] password = Files.readAllLines(given.password).stream()
                    .findFirst()
                    .orElse("")
                    .toCharArray();
            KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            own.init(load(given.keys, password), password);
            TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(load(given.trust, password));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
            return Optional.of(Tls.mutual(context));
        } catch (GeneralSecurityException e) {
            throw new IOException("the TLS stores cannot be used: " + e.getMessage(), e);
        }
    }

    private static KeyStore load(Path file, char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        return store;
    }

    /** An engine that reaches {@code address} and owns {@code disk}, if there is one. */
    BlockReplication engine(String address, Optional<ReplicatedDisk> disk) throws IOException {
        ReplicaAddress target = ReplicaAddress.parse(address);
        ReplicaNetwork.Builder network = ReplicaNetwork.builder()
                .targets(host -> Optional.of(target))
                .ioTimeout(PATIENCE)
                .backoff(Duration.ofMillis(20), Duration.ofMillis(500));
        tls().ifPresent(network::tls);
        return BlockReplication.overTcp(BlockReplicationConfig.builder()
                .disks(instance -> disk)
                .network(network.build())
                .build());
    }
}
