package dev.shadow.tck.fake;

import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.metrics.Metric;
import dev.shadow.spi.metrics.MetricSubject;
import dev.shadow.spi.metrics.MetricsException;
import dev.shadow.spi.metrics.MetricsSource;
import dev.shadow.spi.metrics.Sample;
import dev.shadow.spi.metrics.TimeSeries;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Metrics that a test records, on a regular step that begins at 1970-01-01T00:00:00Z. The value of a
 * step is the last sample recorded within it. Thread-safe.
 */
public final class FakeMetrics implements MetricsSource {
    /** The calls that faults can be injected into. */
    public enum Call {
        /** {@link MetricsSource#history}. */
        HISTORY,
        /** {@link MetricsSource#latest}. */
        LATEST
    }

    private record Key(MetricSubject subject, Metric metric) {}

    private final Object lock = new Object();
    private final VirtualTime time;
    private final long stepNanos;
    private final Faults<Call> faults;
    private final Map<Key, NavigableMap<Instant, Double>> samples = new HashMap<>();

    private FakeMetrics(VirtualTime time, Duration step) {
        this.time = time;
        this.stepNanos = step.toNanos();
        if (stepNanos <= 0) {
            throw new IllegalArgumentException("step must be more than zero, was " + step);
        }
        this.faults = new Faults<>(Call.class, time);
    }

    /** Returns a source with no samples and this step. */
    public static FakeMetrics on(VirtualTime time, Duration step) {
        return new FakeMetrics(time, step);
    }

    /** The faults that this source is to show. */
    public Faults<Call> faults() {
        return faults;
    }

    /** Makes a metric known that has no sample yet. */
    public void know(MetricSubject subject, Metric metric) {
        synchronized (lock) {
            samples.computeIfAbsent(new Key(subject, metric), k -> new TreeMap<>());
        }
    }

    /** Records a sample at a time. */
    public void record(MetricSubject subject, Metric metric, Instant at, double value) {
        Sample sample = new Sample(at, value);
        synchronized (lock) {
            samples.computeIfAbsent(new Key(subject, metric), k -> new TreeMap<>())
                    .put(sample.at(), sample.value());
        }
    }

    /** Records a sample now. */
    public void record(MetricSubject subject, Metric metric, double value) {
        record(subject, metric, time.instant(), value);
    }

    @Override
    public TimeSeries history(MetricSubject subject, Metric metric, Instant from, Instant to, Duration timeout)
            throws MetricsException {
        return faults.in(Call.HISTORY, timeout, MetricsException::new, () -> {
            synchronized (lock) {
                return series(known(subject, metric), from, to);
            }
        });
    }

    @Override
    public Optional<Sample> latest(MetricSubject subject, Metric metric, Duration timeout) throws MetricsException {
        return faults.in(Call.LATEST, timeout, MetricsException::new, () -> {
            synchronized (lock) {
                return Optional.ofNullable(known(subject, metric).lastEntry())
                        .map(entry -> new Sample(entry.getKey(), entry.getValue()));
            }
        });
    }

    private NavigableMap<Instant, Double> known(MetricSubject subject, Metric metric) throws MetricsException {
        NavigableMap<Instant, Double> found = samples.get(new Key(subject, metric));
        if (found == null) {
            throw new MetricsException(
                    Retry.PERMANENT, metric + " of " + subject + " is unknown: record a sample first");
        }
        return found;
    }

    private TimeSeries series(NavigableMap<Instant, Double> all, Instant from, Instant to) {
        Duration step = Duration.ofNanos(stepNanos);
        if (all.isEmpty()) {
            return TimeSeries.of(from, step, new double[0]);
        }
        long first = Math.max(stepAtOrAfter(from), stepOf(all.firstKey()));
        long end = Math.min(stepAtOrAfter(to), stepOf(all.lastKey()) + 1);
        double[] values = new double[(int) Math.max(0, end - first)];
        Arrays.fill(values, Double.NaN);
        all.forEach((at, value) -> {
            long index = stepOf(at) - first;
            if (index >= 0 && index < values.length && at.isBefore(to)) {
                values[(int) index] = value;
            }
        });
        return TimeSeries.of(Instant.EPOCH.plus(step.multipliedBy(first)), step, values);
    }

    private long stepOf(Instant at) {
        return Math.floorDiv(Duration.between(Instant.EPOCH, at).toNanos(), stepNanos);
    }

    private long stepAtOrAfter(Instant at) {
        return -Math.floorDiv(-Duration.between(Instant.EPOCH, at).toNanos(), stepNanos);
    }
}
