package dev.shadow.examples.process.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shadow.spi.Generation;
import dev.shadow.spi.SpiException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection between two processes on which either side calls the other.
 *
 * <p>A message is one line of JSON: a call {@code {"call":"create","id":7,"params":{}}}, its answer {@code
 * {"id":7,"result":{}}} or {@code {"id":7,"error":{}}}, or a notice {@code {"tell":"sync","params":{}}}. A line
 * that is longer than {@link #MAX_LINE} or is no such message ends the connection. May be shared between
 * threads; a message is written by a thread of the connection, so a peer that does not read holds nobody up.
 */
public final class RpcConnection implements Closeable {
    /** The most bytes of one line. */
    public static final int MAX_LINE = 1 << 20;

    private static final int MAX_QUEUED = 4096;
    private static final Logger LOG = LoggerFactory.getLogger(RpcConnection.class);
    private static final byte[] END = new byte[0];

    private final String name;
    private final Closeable transport;
    private final InputStream in;
    private final OutputStream out;
    private final RpcHandler handler;
    private final Executor executor;
    private final AtomicLong ids = new AtomicLong();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Map<Long, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final BlockingQueue<byte[]> outgoing = new LinkedBlockingQueue<>(MAX_QUEUED);
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private RpcConnection(
            String name, Closeable transport, InputStream in, OutputStream out, RpcHandler handler, Executor executor) {
        this.name = name;
        this.transport = transport;
        this.in = in;
        this.out = out;
        this.handler = handler;
        this.executor = executor;
    }

    /**
     * Opens a connection over two streams and starts to read.
     *
     * @param name who is at the other end, for messages
     * @param transport what is closed with the connection
     * @param handler answers the calls of the other end
     * @param executor where the handler runs
     */
    public static RpcConnection open(
            String name, Closeable transport, InputStream in, OutputStream out, RpcHandler handler, Executor executor) {
        InputStream buffered = in instanceof BufferedInputStream ? in : new BufferedInputStream(in);
        RpcConnection connection = new RpcConnection(name, transport, buffered, out, handler, executor);
        daemon("rpc-read-" + name, connection::read).start();
        daemon("rpc-write-" + name, connection::write).start();
        return connection;
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Calls the other end and waits for its answer.
     *
     * @throws StaleGenerationException if the other end refused with it
     * @throws RpcException if it refused otherwise, the answer is not such a value, or none came in time
     */
    public <T> T call(String method, @Nullable Object params, Class<T> result, Duration timeout) throws RpcException {
        return value(name, method, call(method, params, timeout), result);
    }

    static <T> T value(String name, String method, JsonNode answer, Class<T> result) throws RpcException {
        try {
            return Json.value(answer, result);
        } catch (JsonProcessingException e) {
            throw RpcException.unreachable(name + " answered " + method + " with something else than asked for", e);
        }
    }

    /** Calls the other end and waits for its answer, whatever it is. */
    public JsonNode call(String method, @Nullable Object params, Duration timeout) throws RpcException {
        long id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        pending.put(id, answer);
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("call", method).put("id", id).set("params", Json.tree(params));
        send(message);
        if (ended.get()) {
            answer.completeExceptionally(new IOException("the connection is closed"));
        }
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw RpcException.unreachable(
                    name + " did not answer " + method + " within " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RpcException.unreachable("interrupted while " + name + " was asked for " + method, e);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            if (cause instanceof StaleGenerationException stale) {
                throw new StaleGenerationException(stale.vm(), stale.offered(), stale.highestSeen());
            }
            if (cause instanceof RpcException refused) {
                throw RpcException.refused(
                        refused.retry(), Objects.requireNonNullElse(refused.getMessage(), "refused"));
            }
            throw RpcException.unreachable("connection to " + name + " was lost: " + cause.getMessage(), cause);
        } finally {
            pending.remove(id);
        }
    }

    /** Tells the other end something that wants no answer; nothing happens if the connection is closed. */
    public void tell(String topic, @Nullable Object params) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("tell", topic).set("params", Json.tree(params));
        send(message);
    }

    /** Whether the connection has ended. */
    public boolean isClosed() {
        return ended.get();
    }

    /** Completes when the connection has ended, whoever ended it. */
    public CompletableFuture<Void> closed() {
        return closed;
    }

    @Override
    public void close() {
        end(null);
    }

    private void send(JsonNode message) {
        byte[] line = (Json.line(message) + "\n").getBytes(UTF_8);
        if (line.length > MAX_LINE) {
            throw new IllegalArgumentException("message must be at most " + MAX_LINE + " bytes, was " + line.length);
        }
        if (!ended.get() && !outgoing.offer(line)) {
            end(new IOException(name + " does not read: " + MAX_QUEUED + " messages are waiting"));
        }
    }

    private void write() {
        try {
            for (byte[] line = outgoing.take(); line != END; line = outgoing.take()) {
                out.write(line);
                if (outgoing.isEmpty()) {
                    out.flush();
                }
            }
        } catch (IOException e) {
            end(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end(new IOException("interrupted", e));
        }
    }

    private void read() {
        try {
            for (String line = Lines.next(in, MAX_LINE); line != null; line = Lines.next(in, MAX_LINE)) {
                dispatch(Json.read(line, JsonNode.class));
            }
            end(null);
        } catch (IOException | RuntimeException e) {
            end(e);
        }
    }

    private void dispatch(JsonNode message) throws IOException {
        JsonNode id = message.path("id");
        if (message.path("call").isTextual() && id.isIntegralNumber()) {
            answer(message.path("call").asText(), id.asLong(), message.path("params"));
        } else if (message.path("tell").isTextual()) {
            notice(message.path("tell").asText(), message.path("params"));
        } else if (id.isIntegralNumber() && (message.has("result") || message.has("error"))) {
            complete(id.asLong(), message);
        } else {
            throw new IOException("neither a call, an answer nor a notice");
        }
    }

    private void notice(String topic, JsonNode params) {
        try {
            handler.told(topic, params);
        } catch (RuntimeException e) {
            LOG.warn("notice {} of {} was not understood", topic, name, e);
        }
    }

    private void complete(long id, JsonNode message) {
        CompletableFuture<JsonNode> answer = pending.get(id);
        if (answer == null) {
            return;
        }
        if (message.has("error")) {
            answer.completeExceptionally(failure(message.path("error")));
        } else {
            answer.complete(message.path("result"));
        }
    }

    private static Exception failure(JsonNode error) {
        if (error.has("stale")) {
            return new StaleGenerationException(
                    VmId.of(error.path("stale").asText()),
                    Generation.of(error.path("offered").asLong()),
                    Generation.of(error.path("highestSeen").asLong()));
        }
        boolean transientFailure = error.path("retry").asText().equals(Retry.TRANSIENT.name());
        String message = error.path("message").asText("refused without a reason");
        return RpcException.refused(transientFailure ? Retry.TRANSIENT : Retry.PERMANENT, message);
    }

    private void answer(String method, long id, JsonNode params) {
        try {
            executor.execute(() -> send(answerTo(method, id, params)));
        } catch (RejectedExecutionException e) {
            end(new IOException("shutting down", e));
        }
    }

    private JsonNode answerTo(String method, long id, JsonNode params) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("id", id);
        try {
            answer.set("result", Json.tree(handler.handle(method, params)));
        } catch (StaleGenerationException e) {
            answer.putObject("error")
                    .put("stale", e.vm().value())
                    .put("offered", e.offered().value())
                    .put("highestSeen", e.highestSeen().value());
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            boolean expected = e instanceof SpiException || e instanceof IllegalArgumentException;
            if (!expected) {
                LOG.warn("{} asked for {}, which failed", name, method, e);
            }
            Retry retry = e instanceof SpiException spi ? spi.retry() : Retry.PERMANENT;
            String reason = expected && e.getMessage() != null ? e.getMessage() : e.toString();
            answer.putObject("error").put("retry", retry.name()).put("message", reason);
        }
        return answer;
    }

    private void end(@Nullable Exception reason) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        if (reason != null) {
            LOG.debug("connection to {} ends: {}", name, reason.toString());
        }
        outgoing.clear();
        outgoing.add(END);
        try {
            transport.close();
        } catch (IOException e) {
            LOG.debug("closing the connection to {} failed: {}", name, e.toString());
        }
        IOException failure = new IOException(reason == null ? "closed" : reason.toString());
        pending.values().forEach(answer -> answer.completeExceptionally(failure));
        closed.complete(null);
    }
}
