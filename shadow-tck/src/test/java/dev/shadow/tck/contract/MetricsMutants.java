package dev.shadow.tck.contract;

import static dev.shadow.tck.contract.Mutant.boundToOneThread;
import static dev.shadow.tck.contract.Mutant.confusing;
import static dev.shadow.tck.contract.Mutant.outlasting;
import static dev.shadow.tck.contract.Mutant.swallowing;

import dev.shadow.spi.metrics.MetricsSource;
import dev.shadow.spi.metrics.Sample;
import dev.shadow.spi.metrics.TimeSeries;
import dev.shadow.tck.contract.Mutant.Mistake;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** A wrong source of metrics for every rule. */
final class MetricsMutants {
    private static final Duration STEP = Duration.ofMinutes(1);

    private MetricsMutants() {}

    private static Mutant on(String method, String rule, Mistake mistake) {
        return Mutant.of(rule, MetricsSource.class, method, mistake);
    }

    private static Mistake values(DoubleUnaryOperator change) {
        return call -> {
            TimeSeries series = (TimeSeries) Objects.requireNonNull(call.proceed());
            return TimeSeries.of(
                    series.start(),
                    series.step(),
                    Arrays.stream(series.values()).map(change).toArray());
        };
    }

    static List<Mutant> all() {
        return List.of(
                on("history", "historyHasEverySampleAtItsTime", values(value -> value + 0.5)),
                on(
                        "history",
                        "historyEndsBeforeItsEnd",
                        call -> call.with(3, call.arg(3, Instant.class).plus(STEP))),
                on(
                        "history",
                        "historyBeginsWhereItIsAskedTo",
                        call -> call.with(2, call.arg(2, Instant.class).minus(STEP))),
                on("history", "nothingIsInventedBeforeTheFirstSample", call -> {
                    TimeSeries series = (TimeSeries) Objects.requireNonNull(call.proceed());
                    if (!series.start().isAfter(call.arg(2, Instant.class))) {
                        return series;
                    }
                    double[] longer = new double[series.size() + 1];
                    System.arraycopy(series.values(), 0, longer, 1, series.size());
                    return TimeSeries.of(series.start().minus(STEP), STEP, longer);
                }),
                on("history", "missingSampleIsNaN", values(value -> Double.isNaN(value) ? 0 : value)),
                on(
                        "latest",
                        "latestIsTheNewestSample",
                        call -> ((Optional<?>) Objects.requireNonNull(call.proceed()))
                                .map(Sample.class::cast)
                                .map(sample -> new Sample(sample.at().minus(STEP), sample.value()))),
                on(
                        "latest",
                        "latestIsEmptyBeforeTheFirstSample",
                        call -> Optional.of(((Optional<?>) Objects.requireNonNull(call.proceed()))
                                .<Object>map(s -> s)
                                .orElse(new Sample(Instant.EPOCH, 0)))),
                on("history", "historyOfAnUnknownSubjectIsRefusedForGood", confusing("is unknown")),
                on("latest", "latestOfAnUnknownSubjectIsRefusedForGood", confusing("is unknown")),
                on(
                        "history",
                        "unreachableSourceFailsInsteadOfAnsweringAnEmptyHistory",
                        swallowing("timed out", TimeSeries.of(Instant.EPOCH, STEP, new double[0]))),
                on(
                        "latest",
                        "unreachableSourceFailsInsteadOfAnsweringNoSample",
                        swallowing("timed out", Optional.empty())),
                on("latest", "noCallOutlastsItsTimeOut", outlasting()),
                on("history", "callsMayOverlap", boundToOneThread()));
    }
}
