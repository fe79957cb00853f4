package dev.shadow.tck.fake;

import dev.shadow.spi.HostId;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.failover.DetectionException;
import dev.shadow.spi.failover.HostProbe;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A probe whose hosts answer, refuse or hang as a test sets it. Thread-safe. */
public final class FakeHostProbe implements HostProbe {
    /** How a host answers. */
    public enum Answer {
        /** It answers. */
        ALIVE,
        /** It refuses at once: the process is gone, the machine is there. */
        REFUSED,
        /** It stays silent until the time-out: the machine is gone or cut off. */
        SILENT
    }

    private final Object lock = new Object();
    private final VirtualTime time;
    private final Map<HostId, Answer> answers = new HashMap<>();
    private final Map<HostId, Integer> calls = new HashMap<>();

    private FakeHostProbe(VirtualTime time) {
        this.time = time;
    }

    /** Returns a probe to which every host is silent until set. */
    public static FakeHostProbe on(VirtualTime time) {
        return new FakeHostProbe(time);
    }

    /** Sets how a host answers from now on. */
    public void set(HostId host, Answer answer) {
        synchronized (lock) {
            answers.put(host, answer);
        }
    }

    /** Number of probes of a host so far. */
    public int calls(HostId host) {
        synchronized (lock) {
            return calls.getOrDefault(host, 0);
        }
    }

    @Override
    public void probe(HostId host, Duration timeout) throws DetectionException {
        Answer answer;
        synchronized (lock) {
            calls.merge(host, 1, Integer::sum);
            answer = answers.getOrDefault(host, Answer.SILENT);
        }
        switch (answer) {
            case ALIVE -> {}
            case REFUSED -> throw new DetectionException(Retry.TRANSIENT, host + " refused the connection");
            case SILENT -> {
                time.pass(timeout);
                throw new DetectionException(Retry.TRANSIENT, host + " did not answer within " + timeout);
            }
        }
    }
}
