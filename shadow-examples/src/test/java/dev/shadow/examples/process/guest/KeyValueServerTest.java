package dev.shadow.examples.process.guest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.examples.process.guest.KeyValueClient.Acknowledgement;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class KeyValueServerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final MemoryDisk disk = MemoryDisk.of(1 << 20);
    private KeyValueServer server;

    @BeforeEach
    void open() throws IOException {
        server = KeyValueServer.open(KeyValueLog.open(disk), Generation.of(3), 0);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void acknowledgesWithGenerationAndRisingWriteNumber() throws IOException {
        try (KeyValueClient client = connect()) {
            Acknowledgement first = client.put("a", new byte[3]);
            Acknowledgement second = client.put("b", new byte[4]);

            assertThat(first.generation()).isEqualTo(Generation.of(3));
            assertThat(second.writeNumber()).isGreaterThan(first.writeNumber());
            assertThat(client.get("b").orElseThrow()).hasSize(4);
            assertThat(client.get("c")).isEmpty();
            assertThat(client.stat().sequence()).isEqualTo(2);
        }
    }

    @Test
    void manyClientsAtOnceLoseNothing() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int number = 0; number < 8; number++) {
                int id = number;
                done.add(clients.submit(() -> {
                    try (KeyValueClient client = connect()) {
                        for (int i = 0; i < 100; i++) {
                            client.put(id + "-" + i, new byte[id]);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            clients.shutdownNow();
        }
        assertThat(KeyValueLog.open(disk.copy()).keys()).isEqualTo(800);
    }

    @Test
    void tellsTheClientThatTheDiskIsFull() throws IOException {
        try (KeyValueClient client = connect()) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            client.put("k" + i, new byte[KeyValueLog.MAX_VALUE]);
                        }
                    })
                    .isInstanceOfSatisfying(
                            KeyValueException.class,
                            full -> assertThat(full.code()).isEqualTo(KeyValueException.Code.DISK_FULL));
            assertThat(client.get("k0")).isPresent();
        }
    }

    @Test
    void refusesAnEmptyKeyAndGoesOn() throws IOException {
        try (KeyValueClient client = connect()) {
            assertThatThrownBy(() -> client.put("", new byte[1]))
                    .isInstanceOf(KeyValueException.class)
                    .hasMessageContaining("key must be 1 to 256 bytes");
            client.put("a", new byte[1]);
        }
    }

    @Test
    void cutsAForeignProtocolOffAndServesTheOthers() throws IOException {
        try (Socket foreign = new Socket(InetAddress.getLoopbackAddress(), server.port());
                KeyValueClient client = connect()) {
            foreign.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));

            assertThat(foreign.getInputStream().read())
                    .as("end of the connection")
                    .isEqualTo(-1);
            client.put("a", new byte[1]);
        }
    }

    @Test
    void servesNothingOnceItIsClosed() throws IOException {
        try (KeyValueClient client = connect()) {
            client.put("a", new byte[1]);
            server.close();

            assertThatThrownBy(() -> client.put("b", new byte[1])).isInstanceOf(IOException.class);
            assertThat(KeyValueLog.open(disk.copy()).get("b")).isEmpty();
        }
    }

    private KeyValueClient connect() throws IOException {
        return KeyValueClient.connect(new Endpoint("127.0.0.1", server.port()), TIMEOUT);
    }
}
