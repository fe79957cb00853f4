package dev.shadow.forecast.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.forecast.Forecasters;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

final class FleetBackTestTest {
    private static final List<Double> LEVELS = List.of(0.025, 0.1, 0.5, 0.9, 0.95, 0.975);
    private static final FitOptions OPTIONS =
            new FitOptions(1, OptionalInt.of(6), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    private final List<String> told = new ArrayList<>();
    private final List<BackTestReport> reports = new ArrayList<>();

    private final class Notes implements FleetBackTest.Listener {
        @Override
        public void tested(BackTestSubject subject, BackTestReport report) {
            told.add(subject.id());
            reports.add(report);
        }

        @Override
        public void refused(BackTestSubject subject, Exception reason) {
            told.add(subject.id() + " refused: " + reason.getMessage());
        }
    }

    @Test
    void reportsEachSeriesInOrderAndTheFleetEquallyOnAnyNumberOfThreads() throws InterruptedException {
        BackTestReport one = run(Runnable::run, 1, fleet(20)).orElseThrow();
        List<BackTestReport> each = List.copyOf(reports);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            assertThat(run(threads, 5, fleet(20))).contains(one);
        } finally {
            threads.shutdown();
        }

        assertThat(told.subList(20, 40)).isEqualTo(told.subList(0, 20)).startsWith("s0", "s1", "s2");
        assertThat(reports.subList(20, 40)).isEqualTo(each);
    }

    @Test
    void weighsEveryForecastOfTheFleetTheSameAndInCoverageEveryOutcome() throws InterruptedException {
        Accuracy fleet = run(Runnable::run, 4, fleet(7)).orElseThrow().overall();

        assertThat(reports).hasSize(7);
        double mase = 0;
        double coverage = 0;
        int forecasts = 0;
        long outcomes = 0;
        for (BackTestReport report : reports) {
            Accuracy own = report.overall();
            forecasts += own.forecasts();
            outcomes += own.outcomes();
            mase += own.mase().orElseThrow() * own.forecasts();
            coverage += own.interval(0.95).orElseThrow().coverage() * own.outcomes();
        }
        assertThat(fleet.forecasts()).isEqualTo(forecasts);
        assertThat(fleet.mase().orElseThrow()).isCloseTo(mase / forecasts, within(1e-12));
        assertThat(fleet.interval(0.95).orElseThrow().coverage()).isCloseTo(coverage / outcomes, within(1e-12));
    }

    @Test
    void tellsWhatCannotBeTestedAndGoesOn() throws InterruptedException {
        List<BackTestSubject> subjects = new ArrayList<>(fleet(2));
        subjects.add(1, subject("short", new double[] {1, 2}));

        BackTestReport report = run(Runnable::run, 3, subjects).orElseThrow();

        assertThat(report.series()).isEqualTo(2);
        assertThat(told).hasSize(3);
        assertThat(told.get(1))
                .isEqualTo("short refused: firstOrigin must leave values to compare with; the series has 2 values, was"
                        + " 40");
        assertThat(run(Runnable::run, 1, subjects.subList(1, 2))).isEmpty();
    }

    @Test
    void holdsNoMoreSeriesThanAllowed() throws InterruptedException {
        Iterator<BackTestSubject> all = fleet(30).iterator();
        int[] ahead = {0, 0};
        Iterator<BackTestSubject> counted = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public BackTestSubject next() {
                ahead[0]++;
                ahead[1] = Math.max(ahead[1], ahead[0] - reports.size());
                return all.next();
            }
        };

        FleetBackTest.of(Forecasters.seasonalNaive(), LEVELS, Runnable::run, 4).run(counted, new Notes());

        assertThat(reports).hasSize(30);
        assertThat(ahead[1]).isEqualTo(4);
    }

    @Test
    void doesNotHideAFaultOfTheForecaster() {
        Forecaster broken = (series, options) -> {
            throw new IllegalStateException("a fault");
        };
        FleetBackTest test = FleetBackTest.of(broken, LEVELS, Runnable::run, 1);

        assertThatThrownBy(() -> test.run(fleet(1).iterator(), new Notes()))
                .isInstanceOf(CompletionException.class)
                .hasMessage("series s0")
                .hasRootCauseMessage("a fault");
    }

    @Test
    void refusesOtherLevelsAndNoRoom() {
        FleetBackTest test = FleetBackTest.of(Forecasters.seasonalNaive(), List.of(0.5), Runnable::run, 1);

        assertThatThrownBy(() -> test.run(fleet(1).iterator(), new Notes())).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> FleetBackTest.of(Forecasters.seasonalNaive(), LEVELS, Runnable::run, 0))
                .isInstanceOf(InvalidValueException.class);
    }

    private Optional<BackTestReport> run(Executor executor, int atOnce, List<BackTestSubject> subjects)
            throws InterruptedException {
        return FleetBackTest.of(Forecasters.seasonalNaive(), LEVELS, executor, atOnce)
                .run(subjects.iterator(), new Notes());
    }

    private static List<BackTestSubject> fleet(int size) {
        List<BackTestSubject> subjects = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < size; i++) {
            double[] values = new double[60 + 7 * i];
            Arrays.setAll(values, t -> 10 + Math.sin(t) + random.nextDouble());
            subjects.add(subject("s" + i, values));
        }
        return subjects;
    }

    private static BackTestSubject subject(String id, double[] values) {
        BackTestPlan plan = new BackTestPlan(40, 8, 6, 2, LEVELS, StepRange.endingAt(List.of(1, 6)));
        return new BackTestSubject(id, TimeSeries.of(Instant.EPOCH, Duration.ofMinutes(5), values), OPTIONS, plan);
    }
}
