package dev.shadow.sync;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A TCP forwarder that can cut its connections and refuse new ones. */
public final class CuttableForwarder implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final InetSocketAddress target;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    private CuttableForwarder(InetSocketAddress target) throws IOException {
        this.target = target;
    }

    /** Starts a forwarder on a free port. */
    public static CuttableForwarder to(int port) throws IOException {
        CuttableForwarder forwarder =
                new CuttableForwarder(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        forwarder.threads.execute(forwarder::accept);
        return forwarder;
    }

    /** Where it listens. */
    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket in = listener.accept();
                sockets.add(in);
                Socket out = new Socket();
                sockets.add(out);
                if (!cut) {
                    out.connect(target);
                    threads.execute(() -> copy(in, out));
                    threads.execute(() -> copy(out, in));
                }
                if (cut) {
                    closeAll();
                }
            } catch (IOException e) {
                closeAll();
            }
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException gone) {
            sockets.remove(from);
        }
    }

    /** Cuts every connection and takes no new ones. */
    public void cut() {
        cut = true;
        closeAll();
    }

    /** Takes connections again. */
    public void heal() {
        cut = false;
    }

    private void closeAll() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException gone) {
                assert gone != null;
            }
        }
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
        threads.shutdownNow();
    }
}
