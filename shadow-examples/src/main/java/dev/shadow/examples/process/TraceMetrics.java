package dev.shadow.examples.process;

import dev.shadow.spi.HostId;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.VmId;
import dev.shadow.spi.metrics.Metric;
import dev.shadow.spi.metrics.MetricSubject;
import dev.shadow.spi.metrics.MetricsException;
import dev.shadow.spi.metrics.MetricsSource;
import dev.shadow.spi.metrics.Sample;
import dev.shadow.spi.metrics.TimeSeries;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * Replays the recorded processor load of one virtual machine in time lapse: sample {@code i} is there from {@code
 * origin + i * step} on. Of the hosts it knows that they exist and nothing more. The recording is read at every
 * question anew. May be shared.
 */
public final class TraceMetrics implements MetricsSource {
    private final VmId vm;
    private final Set<HostId> hosts;
    private final Path recording;
    private final Instant origin;
    private final Duration step;
    private final InstantSource clock;

    private TraceMetrics(
            VmId vm, Set<HostId> hosts, Path recording, Instant origin, Duration step, InstantSource clock) {
        this.vm = vm;
        this.hosts = hosts;
        this.recording = recording;
        this.origin = origin;
        this.step = step;
        this.clock = clock;
    }

    /**
     * Returns the load of one virtual machine.
     *
     * @param hosts hosts of which nothing is measured
     * @param recording file of a {@link Trace}
     * @param origin when the first sample is taken to be
     * @param step time between two samples of the replay
     */
    public static TraceMetrics replaying(
            VmId vm, Set<HostId> hosts, Path recording, Instant origin, Duration step, InstantSource clock) {
        return new TraceMetrics(vm, Set.copyOf(hosts), recording, origin, step, clock);
    }

    @Override
    public TimeSeries history(MetricSubject subject, Metric metric, Instant from, Instant to, Duration timeout)
            throws MetricsException {
        double[] samples = samples(subject, metric);
        int first = Math.max(0, indexAtOrAfter(from, samples.length));
        int end = Math.max(first, Math.min(indexAtOrAfter(to, samples.length), taken(samples)));
        return TimeSeries.of(origin.plus(step.multipliedBy(first)), step, Arrays.copyOfRange(samples, first, end));
    }

    @Override
    public Optional<Sample> latest(MetricSubject subject, Metric metric, Duration timeout) throws MetricsException {
        double[] samples = samples(subject, metric);
        for (int i = taken(samples) - 1; i >= 0; i--) {
            if (!Double.isNaN(samples[i])) {
                return Optional.of(new Sample(origin.plus(step.multipliedBy(i)), samples[i]));
            }
        }
        return Optional.empty();
    }

    private double[] samples(MetricSubject subject, Metric metric) throws MetricsException {
        boolean known = subject instanceof MetricSubject.Host host ? hosts.contains(host.id()) : isTheMachine(subject);
        if (!known || metric != Metric.CPU_PERCENT) {
            throw new MetricsException(
                    Retry.PERMANENT,
                    "only CPU_PERCENT of virtual machine " + vm + " and of hosts " + hosts + " is known, not " + metric
                            + " of " + subject);
        }
        try {
            return isTheMachine(subject) ? Trace.read(recording) : new double[0];
        } catch (IOException e) {
            throw new MetricsException(Retry.TRANSIENT, "the recording " + recording + " cannot be read: " + e, e);
        }
    }

    private boolean isTheMachine(MetricSubject subject) {
        return subject.equals(new MetricSubject.Vm(vm));
    }

    /** Number of samples that have been taken by now. */
    private int taken(double[] samples) {
        return indexAtOrAfter(clock.instant().plusNanos(1), samples.length);
    }

    private int indexAtOrAfter(Instant at, int most) {
        long nanos = Duration.between(origin, at).toNanos();
        long index = nanos <= 0 ? 0 : (nanos + step.toNanos() - 1) / step.toNanos();
        return (int) Math.min(index, most);
    }
}
