package dev.shadow.sync.internal;

import dev.shadow.sync.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A TCP connection, with TLS over it or without. */
final class SocketLink implements ByteLink {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final Socket plain;
    private final Socket stream;
    private final InputStream input;
    private final OutputStream output;

    private SocketLink(Socket plain, Socket stream) throws IOException {
        this.plain = plain;
        this.stream = stream;
        this.input = stream.getInputStream();
        this.output = stream.getOutputStream();
        plain.setTcpNoDelay(true);
    }

    /** Returns the side of a server that has accepted a connection. */
    static SocketLink accepted(Socket socket, Optional<Tls> tls) throws IOException {
        if (tls.isEmpty()) {
            return new SocketLink(socket, socket);
        }
        SSLSocket secure = (SSLSocket) tls.get().context().getSocketFactory().createSocket(socket, null, true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setNeedClientAuth(true);
        secure.setSSLParameters(parameters);
        return new SocketLink(socket, secure);
    }

    /** Returns the side of a source that has connected to {@code host}. */
    static SocketLink connected(Socket socket, String host, int port, Optional<Tls> tls) throws IOException {
        if (tls.isEmpty()) {
            return new SocketLink(socket, socket);
        }
        SSLSocket secure = (SSLSocket) tls.get().context().getSocketFactory().createSocket(socket, host, port, true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        if (tls.get().verifyHost()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        secure.setSSLParameters(parameters);
        return new SocketLink(socket, secure);
    }

    @Override
    public void handshake() throws IOException {
        if (stream instanceof SSLSocket secure) {
            try {
                secure.startHandshake();
            } catch (SSLHandshakeException e) {
                throw new IOException("the TLS handshake failed: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void readTimeout(int millis) throws IOException {
        stream.setSoTimeout(millis);
    }

    @Override
    public void endOutput() throws IOException {
        stream.shutdownOutput();
    }

    @Override
    public boolean isClosed() {
        return plain.isClosed();
    }

    @Override
    public String peer() {
        return String.valueOf(plain.getRemoteSocketAddress());
    }

    /** Closes below the encryption: there, closing waits for a write that may be stuck. */
    @Override
    public void close() throws IOException {
        plain.close();
    }
}
