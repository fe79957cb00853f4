package dev.shadow.examples.process;

import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.VmId;
import dev.shadow.spi.metrics.Metric;
import dev.shadow.spi.metrics.MetricSubject;
import dev.shadow.spi.metrics.MetricsException;
import dev.shadow.spi.metrics.MetricsSource;
import dev.shadow.spi.metrics.Sample;
import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/**
 * Replays the recorded processor load of one virtual machine in time lapse: sample {@code i} is there from {@code
 * origin + i * step} on. May be shared.
 */
public final class TraceMetrics implements MetricsSource {
    private final VmId vm;
    private final double[] samples;
    private final Instant origin;
    private final Duration step;
    private final InstantSource clock;

    private TraceMetrics(VmId vm, double[] samples, Instant origin, Duration step, InstantSource clock) {
        this.vm = vm;
        this.samples = samples;
        this.origin = origin;
        this.step = step;
        this.clock = clock;
    }

    /**
     * Returns the load of one virtual machine.
     *
     * @param samples recorded load in percent; NaN where the recording has a gap
     * @param origin when the first sample is taken to be
     * @param step time between two samples of the replay
     */
    public static TraceMetrics replaying(
            VmId vm, double[] samples, Instant origin, Duration step, InstantSource clock) {
        return new TraceMetrics(vm, samples.clone(), origin, step, clock);
    }

    @Override
    public TimeSeries history(MetricSubject subject, Metric metric, Instant from, Instant to, Duration timeout)
            throws MetricsException {
        check(subject, metric);
        int first = Math.max(0, indexAtOrAfter(from));
        int end = Math.max(first, Math.min(indexAtOrAfter(to), taken()));
        return TimeSeries.of(origin.plus(step.multipliedBy(first)), step, Arrays.copyOfRange(samples, first, end));
    }

    @Override
    public Optional<Sample> latest(MetricSubject subject, Metric metric, Duration timeout) throws MetricsException {
        check(subject, metric);
        for (int i = taken() - 1; i >= 0; i--) {
            if (!Double.isNaN(samples[i])) {
                return Optional.of(new Sample(origin.plus(step.multipliedBy(i)), samples[i]));
            }
        }
        return Optional.empty();
    }

    /** Number of samples that have been taken by now. */
    private int taken() {
        return Math.min(samples.length, indexAtOrAfter(clock.instant().plusNanos(1)));
    }

    private int indexAtOrAfter(Instant at) {
        long nanos = Duration.between(origin, at).toNanos();
        long index = nanos <= 0 ? 0 : (nanos + step.toNanos() - 1) / step.toNanos();
        return (int) Math.min(index, samples.length);
    }

    private void check(MetricSubject subject, Metric metric) throws MetricsException {
        if (!subject.equals(new MetricSubject.Vm(vm)) || metric != Metric.CPU_PERCENT) {
            throw new MetricsException(
                    Retry.PERMANENT,
                    "only CPU_PERCENT of virtual machine " + vm + " is known, not " + metric + " of " + subject);
        }
    }
}
