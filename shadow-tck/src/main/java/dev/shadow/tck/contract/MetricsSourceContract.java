package dev.shadow.tck.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.VmId;
import dev.shadow.spi.metrics.Metric;
import dev.shadow.spi.metrics.MetricSubject;
import dev.shadow.spi.metrics.MetricsException;
import dev.shadow.spi.metrics.MetricsSource;
import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/**
 * The promises of {@link MetricsSource}. The implementer records known samples: at {@link #start} and
 * every {@link #step} after it the values 1, 2, 3, (none), 5, 6.
 */
public abstract class MetricsSourceContract extends SpiContract {
    /** The source under test, with the samples above for {@link #subject} and {@link Metric#CPU_PERCENT}. */
    protected abstract MetricsSource source();

    /** What was measured. */
    protected abstract MetricSubject subject();

    /** Something known of which nothing was measured yet. */
    protected abstract MetricSubject unmeasured();

    /** Time of the first sample, on the source's step. */
    protected abstract Instant start();

    /** The source's step. */
    protected abstract Duration step();

    /** Cuts the source off from what it asks; called again before each call. */
    protected abstract void makeUnreachable() throws Exception;

    private static final Duration SHORT = Duration.ofSeconds(1);

    private Instant at(int steps) {
        return start().plus(step().multipliedBy(steps));
    }

    private TimeSeries history(int from, int to) throws Exception {
        return source().history(subject(), Metric.CPU_PERCENT, at(from), at(to), timeout());
    }

    private double valueAt(TimeSeries series, int steps) {
        for (int i = 0; i < series.size(); i++) {
            if (series.timeOf(i).equals(at(steps))) {
                return series.value(i);
            }
        }
        throw new AssertionError(series + " has no step at " + at(steps));
    }

    @Test
    void historyHasEverySampleAtItsTime() throws Exception {
        TimeSeries series = history(0, 3);
        assertThat(series.step()).isEqualTo(step());
        assertThat(valueAt(series, 0)).isEqualTo(1);
        assertThat(valueAt(series, 1)).isEqualTo(2);
    }

    @Test
    void historyEndsBeforeItsEnd() throws Exception {
        assertThat(history(0, 3).end()).isEqualTo(at(3));
    }

    @Test
    void historyBeginsWhereItIsAskedTo() throws Exception {
        assertThat(history(1, 3).start()).isEqualTo(at(1));
    }

    @Test
    void nothingIsInventedBeforeTheFirstSample() throws Exception {
        assertThat(history(-100, 3).present()).as("values that are there").isEqualTo(3);
    }

    @Test
    void missingSampleIsNaN() throws Exception {
        assertThat(valueAt(history(2, 5), 3)).isNaN();
    }

    @Test
    void latestIsTheNewestSample() throws Exception {
        var sample = source().latest(subject(), Metric.CPU_PERCENT, timeout()).orElseThrow();
        assertThat(sample.value()).isEqualTo(6);
        assertThat(sample.at()).isEqualTo(at(5));
    }

    @Test
    void latestIsEmptyBeforeTheFirstSample() throws Exception {
        assertThat(source().latest(unmeasured(), Metric.CPU_PERCENT, timeout())).isEmpty();
    }

    @Test
    void historyOfAnUnknownSubjectIsRefusedForGood() {
        assertRefused(
                Retry.PERMANENT,
                MetricsException.class,
                () -> source().history(nobody(), Metric.CPU_PERCENT, at(0), at(3), timeout()));
    }

    @Test
    void latestOfAnUnknownSubjectIsRefusedForGood() {
        assertRefused(
                Retry.PERMANENT,
                MetricsException.class,
                () -> source().latest(nobody(), Metric.CPU_PERCENT, timeout()));
    }

    private static MetricSubject nobody() {
        return new MetricSubject.Vm(VmId.of("no-such-vm"));
    }

    @Test
    void unreachableSourceFailsInsteadOfAnsweringAnEmptyHistory() throws Exception {
        makeUnreachable();
        assertRefused(
                Retry.TRANSIENT,
                MetricsException.class,
                () -> source().history(subject(), Metric.CPU_PERCENT, at(0), at(3), SHORT));
    }

    @Test
    void unreachableSourceFailsInsteadOfAnsweringNoSample() throws Exception {
        makeUnreachable();
        assertRefused(
                Retry.TRANSIENT, MetricsException.class, () -> source().latest(subject(), Metric.CPU_PERCENT, SHORT));
    }

    @Test
    void noCallOutlastsItsTimeOut() throws Exception {
        makeUnreachable();
        assertEndsWithin(SHORT, () -> source().history(subject(), Metric.CPU_PERCENT, at(0), at(3), SHORT));
        makeUnreachable();
        assertEndsWithin(SHORT, () -> source().latest(subject(), Metric.CPU_PERCENT, SHORT));
    }

    @Test
    void callsMayOverlap() throws Exception {
        List<Callable<Integer>> calls =
                new ArrayList<>(Collections.nCopies(8, () -> history(0, 3).present()));
        assertThat(allAtOnce(calls)).containsOnly(3);
    }
}
