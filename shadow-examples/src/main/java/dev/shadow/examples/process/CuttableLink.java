package dev.shadow.examples.process;

import dev.shadow.examples.process.host.HostDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The replication link to one host, as a cable that can be pulled and plugged in again. May be shared. */
public final class CuttableLink implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(CuttableLink.class);

    private final ServerSocket socket;
    private final IntSupplier target;
    private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    private CuttableLink(ServerSocket socket, IntSupplier target) {
        this.socket = socket;
        this.target = target;
    }

    /**
     * Opens a link.
     *
     * @param target port on loopback where it leads, asked for at every connection; 0 if nobody is there
     */
    public static CuttableLink open(IntSupplier target) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        CuttableLink link = new CuttableLink(socket, target);
        daemon(link::accept);
        return link;
    }

    /** Opens a link to the replicas of a host, which may be started again meanwhile. */
    public static CuttableLink to(HostDirectory host) throws IOException {
        return open(() -> {
            try {
                return host.agent().map(HostDirectory.AgentRecord::replicaPort).orElse(0);
            } catch (IOException e) {
                LOG.debug("nothing is known of {}: {}", host.root(), e.toString());
                return 0;
            }
        });
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "link");
        thread.setDaemon(true);
        thread.start();
    }

    /** Where it begins, on loopback. */
    public int port() {
        return socket.getLocalPort();
    }

    /** Ends every connection and refuses new ones. */
    public void cut() {
        cut = true;
        ends.forEach(CuttableLink::close);
    }

    /** Lets connections through again. */
    public void mend() {
        cut = false;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket source = socket.accept();
                daemon(() -> connect(source));
            } catch (IOException e) {
                LOG.debug("the link ends: {}", e.toString());
            }
        }
    }

    private void connect(Socket source) {
        Socket sink = new Socket();
        ends.add(source);
        ends.add(sink);
        try {
            int port = target.getAsInt();
            if (cut || port == 0) {
                throw new IOException("nobody is there");
            }
            source.setTcpNoDelay(true);
            sink.setTcpNoDelay(true);
            sink.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            daemon(() -> pump(sink, source));
            pump(source, sink);
        } catch (IOException e) {
            LOG.debug("a connection over the link ends: {}", e.toString());
        } finally {
            end(source, sink);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[64 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0 && !cut; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            LOG.debug("a connection over the link ends: {}", e.toString());
        } finally {
            end(from, to);
        }
    }

    private void end(Socket a, Socket b) {
        ends.remove(a);
        ends.remove(b);
        close(a);
        close(b);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing one end of the link failed: {}", e.toString());
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        cut();
    }
}
