package dev.shadow.examples.process.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shadow.spi.Generation;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RpcTest {
    private static final String SECRET = "the-secret";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch never = new CountDownLatch(1);
    private RpcServer server;
    private RpcClient client;

    @BeforeEach
    void open() throws IOException {
        server = RpcServer.open("test", SECRET, this::handle);
        client = RpcClient.of("server", SECRET, () -> server.address());
    }

    @AfterEach
    void close() throws IOException {
        never.countDown();
        client.close();
        server.close();
    }

    private @Nullable Object handle(String method, JsonNode params) throws Exception {
        calls.incrementAndGet();
        return switch (method) {
            case "echo" -> params;
            case "stale" -> throw new StaleGenerationException(VmId.of("vm"), Generation.of(1), Generation.of(2));
            case "busy" -> throw RpcException.refused(Retry.TRANSIENT, "busy now");
            case "hang" -> never.await(1, TimeUnit.MINUTES);
            default -> RpcHandler.NONE.handle(method, params);
        };
    }

    @Test
    void answersACall() throws RpcException {
        assertThat(client.call("echo", Map.of("x", 7), TIMEOUT).path("x").asInt())
                .isEqualTo(7);
    }

    @Test
    void carriesAStaleGenerationOver() {
        assertThatThrownBy(() -> client.call("stale", null, TIMEOUT))
                .isInstanceOfSatisfying(
                        StaleGenerationException.class,
                        stale -> assertThat(stale.highestSeen()).isEqualTo(Generation.of(2)));
    }

    @Test
    void carriesARefusalOver() {
        assertThatThrownBy(() -> client.call("busy", null, TIMEOUT))
                .isInstanceOfSatisfying(RpcException.class, refusal -> {
                    assertThat(refusal.retry()).isEqualTo(Retry.TRANSIENT);
                    assertThat(refusal.wasRefused()).isTrue();
                    assertThat(refusal).hasMessage("busy now");
                });
    }

    @Test
    void refusesAMethodThatItDoesNotKnow() {
        assertThatThrownBy(() -> client.call("format-disk", null, TIMEOUT))
                .isInstanceOfSatisfying(
                        RpcException.class,
                        refusal -> assertThat(refusal.retry()).isEqualTo(Retry.PERMANENT))
                .hasMessageContaining("format-disk");
    }

    @Test
    void givesUpAfterTheTimeOutAndGoesOn() throws RpcException {
        assertThatThrownBy(() -> client.call("hang", null, Duration.ofMillis(50)))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("within 50 ms");
        assertThat(client.call("echo", Map.of("x", 1), TIMEOUT).path("x").asInt())
                .isEqualTo(1);
    }

    @Test
    void failsACallWhoseConnectionIsLostAndConnectsAgain() throws Exception {
        client.call("echo", null, TIMEOUT);
        server.close();
        assertThatThrownBy(() -> client.call("echo", null, TIMEOUT))
                .isInstanceOfSatisfying(
                        RpcException.class,
                        lost -> assertThat(lost.wasRefused()).isFalse());

        server = RpcServer.open("test", SECRET, this::handle);

        assertThat(client.call("echo", Map.of("x", 2), TIMEOUT).path("x").asInt())
                .isEqualTo(2);
    }

    @Test
    void findsAServerThatListensElsewhereAfterACallWithoutAnswer() throws Exception {
        client.call("echo", null, TIMEOUT);
        RpcServer silent = server;
        server = RpcServer.open("test", SECRET, (method, params) -> "elsewhere");
        try (silent) {
            assertThatThrownBy(() -> client.call("hang", null, Duration.ofMillis(50)))
                    .isInstanceOf(RpcException.class);
            assertThat(client.call("echo", null, TIMEOUT).asText()).isEqualTo("elsewhere");
        }
    }

    @Test
    void tellsEveryoneWhoIsConnected() throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        try (RpcClient listener = RpcClient.listening(
                "server", SECRET, () -> server.address(), (topic, content) -> heard.complete(topic + content))) {
            listener.call("echo", null, TIMEOUT);

            server.tellAll("news", Map.of("n", 1));

            assertThat(heard.get(10, TimeUnit.SECONDS)).isEqualTo("news{\"n\":1}");
        }
    }

    @Test
    void foreignProgramGetsNothing() throws IOException {
        assertThat(answerTo("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")).isEmpty();
        assertThat(answerTo("wrong-secret\n{\"call\":\"echo\",\"id\":1,\"params\":{}}\n"))
                .isEmpty();
        assertThat(answerTo("\n")).isEmpty();
        assertThat(answerTo("x".repeat(10_000))).isEmpty();
        assertThat(calls).hasValue(0);
    }

    @Test
    void garbageBehindTheSecretEndsTheConnection() throws IOException {
        assertThat(answerTo(SECRET + "\n{\"what\":1}\n")).isEmpty();
        assertThat(answerTo(SECRET + "\nnot json\n")).isEmpty();
        assertThat(answerTo(SECRET + "\n" + "[".repeat(5000) + "\n")).isEmpty();
        assertThat(calls).hasValue(0);
    }

    @Test
    void endlessLineEndsTheConnection() throws IOException {
        assertThat(answerTo(SECRET + "\n" + "x".repeat(RpcConnection.MAX_LINE + 10)))
                .isEmpty();
    }

    /** What the server sends until it ends the connection. */
    private String answerTo(String text) throws IOException {
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.setSoTimeout(10_000);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                socket.getOutputStream().write(text.getBytes(UTF_8));
                socket.getOutputStream().flush();
                socket.getInputStream().transferTo(answer);
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                // Reset, since it ended the connection before it had read everything.
                return answer.toString(UTF_8);
            }
            return answer.toString(UTF_8);
        }
    }
}
