package dev.shadow.spi.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Measured history and latest samples.
 *
 * <p>Called by the manager's reconcile pass, on its executor; calls may overlap. A thrown {@link
 * MetricsException} leaves the triggers that needed it in the state they were in.
 */
public interface MetricsSource {
    /**
     * The history of a metric, on the source's own regular step, up to and not including {@code to}. A
     * step without a sample is NaN; the series may be shorter than asked for when history begins later.
     *
     * @param from first time wanted
     * @param to end, after {@code from}
     * @param timeout the longest that the call may block
     * @throws MetricsException permanent if the subject or the metric is unknown
     */
    TimeSeries history(MetricSubject subject, Metric metric, Instant from, Instant to, Duration timeout)
            throws MetricsException;

    /**
     * The newest sample, or empty if there is none yet.
     *
     * @param timeout the longest that the call may block
     * @throws MetricsException permanent if the subject or the metric is unknown
     */
    Optional<Sample> latest(MetricSubject subject, Metric metric, Duration timeout) throws MetricsException;
}
