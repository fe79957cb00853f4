package dev.shadow.examples.process.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shadow.examples.process.guest.KeyValueException.Code;
import dev.shadow.examples.process.guest.KeyValueLog.Entry;
import dev.shadow.spi.Generation;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a {@link KeyValueLog} to clients on a loopback port.
 *
 * <p>Puts of all clients that are waiting are appended together, with one write and one flush of the device, and
 * acknowledged after both. May be shared.
 */
public final class KeyValueServer implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(KeyValueServer.class);
    private static final int MAX_BATCH = 64;
    private static final int MAX_WAITING = 1024;

    private final KeyValueLog log;
    private final Generation generation;
    private final ServerSocket socket;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Put> puts = new LinkedBlockingQueue<>(MAX_WAITING);
    private final Thread writer;

    private KeyValueServer(KeyValueLog log, Generation generation, ServerSocket socket) {
        this.log = log;
        this.generation = generation;
        this.socket = socket;
        this.writer = daemon("kv-writer", this::writeBatches);
    }

    /**
     * Opens the service.
     *
     * @param generation told to every client with its acknowledgement
     * @param port where to listen; 0 lets the system choose
     */
    public static KeyValueServer open(KeyValueLog log, Generation generation, int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
        KeyValueServer server = new KeyValueServer(log, generation, socket);
        server.writer.start();
        daemon("kv-accept", server::accept).start();
        return server;
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** The port where it listens. */
    public int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                clients.add(client);
                daemon("kv-client", () -> serve(client)).start();
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    LOG.warn("a client could not be accepted", e);
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(client.getOutputStream()));
            while (!socket.isClosed()) {
                KeyValueProtocol.write(out, answer(KeyValueProtocol.read(in)));
            }
        } catch (EOFException e) {
            LOG.debug("a client went away");
        } catch (IOException e) {
            LOG.debug("a client was lost: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            clients.remove(client);
        }
    }

    private ByteBuffer answer(ByteBuffer request) throws InterruptedException {
        try {
            return switch (request.get()) {
                case KeyValueProtocol.PUT -> put(request);
                case KeyValueProtocol.GET -> get(new String(KeyValueProtocol.rest(request), UTF_8));
                case KeyValueProtocol.STAT ->
                    KeyValueProtocol.state(log.sequence(), generation.value(), log.usedBytes(), log.capacityBytes());
                default -> KeyValueProtocol.error(Code.BAD_REQUEST, "request must be P, G or S");
            };
        } catch (IllegalArgumentException e) {
            return KeyValueProtocol.error(Code.BAD_REQUEST, reason(e));
        } catch (DiskFullException e) {
            return KeyValueProtocol.error(Code.DISK_FULL, reason(e));
        } catch (IOException | RuntimeException e) {
            return KeyValueProtocol.error(Code.UNAVAILABLE, reason(e));
        }
    }

    private static String reason(Exception e) {
        return Objects.requireNonNullElseGet(e.getMessage(), e::toString);
    }

    private ByteBuffer put(ByteBuffer request) throws IOException, InterruptedException {
        if (request.remaining() < 2) {
            throw new IllegalArgumentException("put must carry the length of its key");
        }
        byte[] key = KeyValueProtocol.take(request, request.getShort());
        Put put = new Put(Entry.of(new String(key, UTF_8), KeyValueProtocol.rest(request)), new CompletableFuture<>());
        puts.put(put);
        if (socket.isClosed()) {
            put.written().completeExceptionally(new IOException("the service has stopped"));
        }
        try {
            return KeyValueProtocol.ok(generation.value(), put.written().get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException(Objects.requireNonNullElse(e.getCause(), e).getMessage(), e);
        }
    }

    private ByteBuffer get(String key) throws IOException {
        Optional<byte[]> value = log.get(key);
        return value.map(KeyValueProtocol::value).orElseGet(() -> KeyValueProtocol.of(KeyValueProtocol.NONE));
    }

    private void writeBatches() {
        try {
            while (!socket.isClosed()) {
                List<Put> batch = new ArrayList<>();
                batch.add(puts.take());
                puts.drainTo(batch, MAX_BATCH - 1);
                write(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            List<Put> left = new ArrayList<>();
            puts.drainTo(left);
            left.forEach(put -> put.written().completeExceptionally(new IOException("the service has stopped")));
        }
    }

    private void write(List<Put> batch) {
        try {
            long number = log.append(batch.stream().map(Put::entry).toList());
            batch.forEach(put -> put.written().complete(number));
        } catch (DiskFullException e) {
            if (batch.size() > 1) {
                // A smaller one among them may still fit.
                batch.forEach(put -> write(List.of(put)));
            } else {
                batch.get(0).written().completeExceptionally(e);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} puts were not written: {}", batch.size(), e.toString());
            batch.forEach(put -> put.written().completeExceptionally(e));
        }
    }

    /** Stops serving: when it returns, nothing is read or written any more. */
    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket client : clients) {
            client.close();
        }
        writer.interrupt();
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private record Put(Entry entry, CompletableFuture<Long> written) {}
}
