package dev.shadow.tck.contract;

import dev.shadow.spi.Endpoint;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.TrafficDirector;
import dev.shadow.tck.fake.FakeTrafficDirector;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.Map;

class FakeTrafficDirectorTest extends TrafficDirectorContract {
    private final VirtualTime time = VirtualTime.create();
    private final Map<String, Object> memory = Mutant.memoryOn(time);
    /** What clients use; a mutant may stand before it. */
    interface Network {
        Client connect(VmId vm);
    }

    private final FakeTrafficDirector fake = FakeTrafficDirector.on(time);
    private final TrafficDirector director = Mutant.in(TrafficDirector.class, fake, memory);
    private final Network network = Mutant.in(Network.class, this::connected, memory);
    private int servers;

    private Client connected(VmId vm) {
        FakeTrafficDirector.Connection connection = fake.connect(vm).orElseThrow();
        return new Client() {
            @Override
            public Endpoint reached() {
                return connection.target();
            }

            @Override
            public boolean isOpen() {
                return connection.isOpen();
            }
        };
    }

    @Override
    protected TrafficDirector director() {
        return director;
    }

    @Override
    protected Endpoint newTarget() {
        return new Endpoint("server-" + ++servers, 80);
    }

    @Override
    protected Client connect(VmId vm) {
        return network.connect(vm);
    }

    @Override
    protected void makeUnreachable() {
        fake.faults().delayNext(FakeTrafficDirector.Call.REDIRECT, Duration.ofHours(1));
    }

    @Override
    protected Duration patience() {
        return Duration.ofMillis(100);
    }

    @Override
    protected void settle() {
        time.advance(Duration.ofMillis(500));
    }

    @Override
    protected long nanoTime() {
        return time.nanoTime();
    }

    @Override
    protected void letPass(Duration duration) {
        time.advance(duration);
    }
}
