package dev.shadow.examples.process.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.TrafficDirector;
import dev.shadow.tck.contract.TrafficDirectorContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ForwarderTest extends TrafficDirectorContract {
    private static final String SECRET = "the-secret";
    private static final VmId VM = VmId.of("some-vm");

    private final List<ServerSocket> targets = new ArrayList<>();
    private Forwarder forwarder;
    private ForwarderTrafficDirector director;

    @BeforeEach
    void open() throws IOException {
        forwarder = Forwarder.open(SECRET, Duration.ofSeconds(10), System::nanoTime);
        director = ForwarderTrafficDirector.of(forwarder.control(), SECRET);
    }

    @AfterEach
    void close() throws IOException {
        director.close();
        forwarder.close();
        for (ServerSocket target : targets) {
            target.close();
        }
    }

    @Override
    protected TrafficDirector director() {
        return director;
    }

    /** A server that tells its port and then whatever it is told. */
    @Override
    protected Endpoint newTarget() throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        targets.add(server);
        Thread acceptor = new Thread(() -> echo(server));
        acceptor.setDaemon(true);
        acceptor.start();
        return new Endpoint("127.0.0.1", server.getLocalPort());
    }

    private static void echo(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket peer = server.accept();
                Thread answering = new Thread(() -> answer(peer, server.getLocalPort()));
                answering.setDaemon(true);
                answering.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void answer(Socket peer, int port) {
        try (peer) {
            peer.getOutputStream().write(new byte[] {(byte) (port >> 8), (byte) port});
            peer.getInputStream().transferTo(peer.getOutputStream());
        } catch (IOException e) {
            assertThat(e).isNotNull();
        }
    }

    @Override
    protected Client connect(VmId vm) throws IOException {
        return new Connected(
                new Socket(InetAddress.getLoopbackAddress(), forwarder.front(vm).port()));
    }

    @Override
    protected void makeUnreachable() throws IOException {
        forwarder.close();
    }

    @Test
    void clientThatComesBeforeThereIsARouteWaitsForIt() throws Exception {
        Client early = connect(VM);
        Endpoint target = newTarget();

        director.redirect(VM, target, context(1));

        assertThat(early.reached()).isEqualTo(target);
    }

    @Test
    void clientThatComesWhileNobodyServesIsHeldForItsTimeAndSentAway() throws Exception {
        try (Forwarder hasty = Forwarder.open(SECRET, Duration.ofMillis(100), System::nanoTime);
                Socket client = new Socket(
                        InetAddress.getLoopbackAddress(), hasty.front(VM).port())) {
            client.setSoTimeout(10_000);

            assertThat(client.getInputStream().read())
                    .as("end of the connection")
                    .isEqualTo(-1);
        }
    }

    @Test
    void clientOfADeadTargetReachesTheNextOne() throws Exception {
        Endpoint dead = newTarget();
        targets.get(0).close();
        director.redirect(VM, dead, context(1));
        Client client = connect(VM);
        Endpoint alive = newTarget();

        director.redirect(VM, alive, CallContext.of("next", Generation.of(2), timeout()));

        assertThat(client.reached()).isEqualTo(alive);
    }

    /** Reads the port that the target tells first. */
    private static final class Connected implements Client {
        private final Socket socket;

        Connected(Socket socket) {
            this.socket = socket;
        }

        @Override
        public Endpoint reached() throws IOException {
            socket.setSoTimeout(10_000);
            int high = socket.getInputStream().read();
            int low = socket.getInputStream().read();
            return new Endpoint("127.0.0.1", (high << 8) + low);
        }

        @Override
        public boolean isOpen() throws IOException {
            socket.setSoTimeout(200);
            try {
                while (true) {
                    if (socket.getInputStream().read() < 0) {
                        return false;
                    }
                }
            } catch (SocketTimeoutException e) {
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }
}
