package dev.shadow.forecast.stream;

import static dev.shadow.forecast.stream.Streams.LEVELS;
import static dev.shadow.forecast.stream.Streams.START;
import static dev.shadow.forecast.stream.Streams.STEP;
import static dev.shadow.forecast.stream.Streams.numbers;
import static dev.shadow.forecast.stream.Streams.unbounded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.forecast.Forecasters;
import dev.shadow.forecast.Nasty;
import dev.shadow.forecast.RealSeries;
import dev.shadow.forecast.evaluate.Accuracy;
import dev.shadow.forecast.evaluate.BackTest;
import dev.shadow.forecast.evaluate.BackTestPlan;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import dev.shadow.tck.property.SeededTest;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StreamForecasterTest {
    private final StreamForecaster forecaster = StreamForecaster.create();

    @SeededTest(runs = 30)
    void fitEqualsUpdatesOneByOne(RandomGenerator random) throws ForecastException {
        int season = 2 + random.nextInt(50);
        double[] values = Nasty.values(random, 20 + random.nextInt(500));
        int known = 8 + random.nextInt(12);

        StreamModel whole = forecaster.fit(series(values), unbounded(season));
        StreamModel grown = forecaster.fit(series(Arrays.copyOf(values, known)), unbounded(season));
        DemandStream stream = DemandStream.open(START, STEP, unbounded(season));
        Streams.feed(stream, values);
        for (int t = known; t < values.length; t++) {
            grown = grown.update(new double[] {values[t]});
        }

        assertThat(numbers(grown.forecast(60, LEVELS))).isEqualTo(numbers(whole.forecast(60, LEVELS)));
        assertThat(numbers(stream.forecast(60, LEVELS))).isEqualTo(numbers(whole.forecast(60, LEVELS)));
    }

    @Test
    void isRebuiltFromItsSummaryWithoutLookingForTheSeasonAgain() throws ForecastException {
        TimeSeries history = RealSeries.load("bitbrains-daily");
        FitOptions options = FitOptions.percent(3);
        StreamModel model = forecaster.fit(history, options);

        StreamModel rebuilt = forecaster.rebuild(history, options, model.summary());

        assertThat(model.summary().parameters().get("season")).isGreaterThan(1);
        assertThat(rebuilt.summary()).isEqualTo(model.summary());
        assertThat(numbers(rebuilt.forecast(100, LEVELS))).isEqualTo(numbers(model.forecast(100, LEVELS)));
    }

    @Test
    void isNotRebuiltFromTheSummaryOfAnotherMethod() throws ForecastException {
        TimeSeries history = RealSeries.load("bitbrains-daily");
        var summary =
                Forecasters.seasonalNaive().fit(history, FitOptions.percent(1)).summary();

        assertThatThrownBy(() -> forecaster.rebuild(history, FitOptions.percent(1), summary))
                .isInstanceOf(ForecastException.class)
                .hasMessage("the summary is of the method seasonal-naive, not stream");
    }

    @Test
    void usesTheLastValuesOfALongHistory() throws ForecastException {
        double[] values = new double[10_000];
        Arrays.setAll(values, t -> t % 24);

        var summary = forecaster.fit(series(values), unbounded(24)).summary();

        assertThat(summary.from()).isEqualTo(START.plus(STEP.multipliedBy(10_000 - 8192)));
        assertThat(summary.to()).isEqualTo(START.plus(STEP.multipliedBy(10_000)));
        assertThat(summary.samples()).isEqualTo(8192);
    }

    @Test
    void refusesASeasonThatItCannotFollow() {
        FitOptions options = new FitOptions(1, OptionalInt.of(200_000), 0, 100);

        assertThatThrownBy(() -> forecaster.fit(RealSeries.load("bitbrains-daily"), options))
                .isInstanceOf(ForecastException.class)
                .hasMessageContaining("a season of at most 131072 steps");
    }

    /**
     * The share is that of the batch default's pinball loss which is allowed. The first series repeats its day almost to
     * the minute, and weights that fade trust the repetition less than a search over the history does.
     */
    @ParameterizedTest
    @CsvSource({"bitbrains-daily, 1.35", "bitbrains-irregular, 1.1", "nab-ec2-cpu, 1.1"})
    void isNearlyAsGoodAsTheBatchDefault(String name, double share) throws ForecastException {
        FitOptions options = new FitOptions(1, OptionalInt.of(288), 0, Double.POSITIVE_INFINITY);
        BackTestPlan plan = new BackTestPlan(1440, 12, 36, 24, List.of(0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95));
        TimeSeries series = RealSeries.load(name);

        Accuracy stream = run(forecaster, options, plan, series);
        Accuracy batch = run(Forecasters.standard(), options, plan, series);

        assertThat(stream.pinball()).isLessThan(share * batch.pinball());
        assertThat(stream.inside()).isBetween(0.84, 0.99);
    }

    private static Accuracy run(Forecaster forecaster, FitOptions options, BackTestPlan plan, TimeSeries series)
            throws ForecastException {
        return BackTest.of(forecaster, options, plan).run(series).overall();
    }

    private static TimeSeries series(double... values) {
        return TimeSeries.of(START, STEP, values);
    }
}
