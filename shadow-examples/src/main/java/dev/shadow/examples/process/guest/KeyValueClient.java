package dev.shadow.examples.process.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shadow.examples.process.guest.KeyValueException.Code;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** One connection to the key-value service. Not to be shared between threads. */
public final class KeyValueClient implements Closeable {
    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    private KeyValueClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    /**
     * Connects.
     *
     * @param timeout the longest that connecting, and later each answer, may take
     */
    public static KeyValueClient connect(Endpoint endpoint, Duration timeout) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) timeout.toMillis());
            socket.connect(new InetSocketAddress(endpoint.address(), endpoint.port()), (int) timeout.toMillis());
            return new KeyValueClient(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Writes a value; it is durable when the call returns.
     *
     * @throws KeyValueException if the service refused
     * @throws IOException if the connection was lost; the put may or may not have taken effect
     */
    public Acknowledgement put(String key, byte[] value) throws IOException {
        ByteBuffer answer = ask(KeyValueProtocol.put(key, value), KeyValueProtocol.OK, 17);
        return new Acknowledgement(Generation.of(answer.getLong()), answer.getLong());
    }

    /**
     * Reads a value.
     *
     * @throws KeyValueException if the service refused
     * @throws IOException if the connection was lost
     */
    public Optional<byte[]> get(String key) throws IOException {
        KeyValueProtocol.write(out, KeyValueProtocol.get(key));
        ByteBuffer answer = KeyValueProtocol.read(in);
        return switch (answer.get()) {
            case KeyValueProtocol.VALUE -> Optional.of(KeyValueProtocol.rest(answer));
            case KeyValueProtocol.NONE -> Optional.empty();
            default -> throw failure(answer);
        };
    }

    /** Asks how the service stands. */
    public State stat() throws IOException {
        ByteBuffer answer = ask(KeyValueProtocol.of(KeyValueProtocol.STAT), KeyValueProtocol.STATE, 33);
        return new State(answer.getLong(), Generation.of(answer.getLong()), answer.getLong(), answer.getLong());
    }

    private ByteBuffer ask(ByteBuffer request, byte expected, int length) throws IOException {
        KeyValueProtocol.write(out, request);
        ByteBuffer answer = KeyValueProtocol.read(in);
        if (answer.get() != expected || answer.limit() != length) {
            throw failure(answer);
        }
        return answer;
    }

    private static IOException failure(ByteBuffer answer) {
        if (answer.get(0) == KeyValueProtocol.ERROR && answer.limit() >= 2) {
            answer.position(2);
            return new KeyValueException(Code.of(answer.get(1)), new String(KeyValueProtocol.rest(answer), UTF_8));
        }
        return new IOException("the service answered with something that was not asked for");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /**
     * What a put was acknowledged with.
     *
     * @param generation generation of the instance that wrote it
     * @param writeNumber number of the disk's write that carried it, in that generation
     */
    public record Acknowledgement(Generation generation, long writeNumber) {}

    /**
     * How the service stands.
     *
     * @param sequence number of puts in the log
     * @param generation generation of the instance
     * @param usedBytes bytes of the disk that are taken
     * @param capacityBytes bytes of the disk
     */
    public record State(long sequence, Generation generation, long usedBytes, long capacityBytes) {}
}
