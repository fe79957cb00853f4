package dev.shadow.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.forecast.arima.ArimaForecaster;
import dev.shadow.forecast.lstm.LstmForecaster;
import dev.shadow.forecast.stream.StreamForecaster;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RebuildTest {
    private static final FitOptions OPTIONS = FitOptions.percent(5);
    private static final double[] LEVELS = {0.05, 0.5, 0.95};

    private static Stream<Named<Forecaster>> methods() {
        return Stream.of(
                Named.of("blend", Forecasters.standard()),
                Named.of("naive", Forecasters.naive()),
                Named.of("seasonal naive", Forecasters.seasonalNaive()),
                Named.of("theta", Forecasters.theta()),
                Named.of("ets", Forecasters.ets()),
                Named.of("histogram", Forecasters.histogram()),
                Named.of("arima", ArimaForecaster.create()),
                Named.of("lstm", LstmForecaster.bundled()),
                Named.of("stream", StreamForecaster.create()));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void modelOfARealSeriesIsRebuiltAndMovedOn(Forecaster forecaster) throws ForecastException {
        TimeSeries whole = RealSeries.load("bitbrains-daily");
        double[] known = Arrays.copyOf(whole.values(), 1200);
        double[] later = Arrays.copyOfRange(whole.values(), 1200, 1230);
        TimeSeries longer = TimeSeries.of(whole.start(), whole.step(), Arrays.copyOf(whole.values(), 1230));
        ForecastModel model = forecaster.fit(TimeSeries.of(whole.start(), whole.step(), known), OPTIONS);

        ForecastModel rebuilt = forecaster.rebuild(longer, OPTIONS, model.summary());

        assertThat(rebuilt.summary()).isEqualTo(model.summary());
        assertSame(rebuilt, model.update(later));
    }

    @Test
    void modelOfAFewValuesIsRebuilt() throws ForecastException {
        TimeSeries few = TimeSeries.of(
                RealSeries.load("bitbrains-daily").start(),
                RealSeries.load("bitbrains-daily").step(),
                new double[] {3, 5, 4});
        ForecastModel model = Forecasters.standard().fit(few, OPTIONS);

        assertSame(Forecasters.standard().rebuild(few, OPTIONS, model.summary()), model);
    }

    @Test
    void numbersComeFromTheSummaryAndAreNotSearchedForAgain() throws ForecastException {
        TimeSeries series = RealSeries.load("nab-ec2-cpu");
        FitSummary summary = Forecasters.standard().fit(series, OPTIONS).summary();
        FitSummary changed = with(summary, "theta.alpha", 0.123);

        assertThat(Forecasters.standard().rebuild(series, OPTIONS, changed).summary())
                .isEqualTo(changed)
                .isNotEqualTo(summary);
    }

    @Test
    void summaryWithANumberOutOfRangeIsRefused() throws ForecastException {
        TimeSeries series = RealSeries.load("nab-ec2-cpu");
        FitSummary summary = Forecasters.theta().fit(series, OPTIONS).summary();

        assertThatThrownBy(() -> Forecasters.theta().rebuild(series, OPTIONS, with(summary, "theta.alpha", 1.5)))
                .isInstanceOf(ForecastException.class)
                .hasMessageContaining("parameters.alpha must be from 0 to 1, was 1.5");
    }

    @Test
    void summaryOfAnotherHistoryIsRefused() throws ForecastException {
        TimeSeries series = RealSeries.load("nab-ec2-cpu");
        FitSummary summary = Forecasters.naive().fit(series, OPTIONS).summary();
        double[] values = series.values();
        values[10] = Double.NaN;
        TimeSeries other = TimeSeries.of(series.start(), series.step(), values);

        assertThatThrownBy(() -> Forecasters.naive().rebuild(other, OPTIONS, summary))
                .isInstanceOf(ForecastException.class)
                .hasMessageContaining("is not of this history");
    }

    private static FitSummary with(FitSummary it, String name, double number) {
        Map<String, Double> parameters = new LinkedHashMap<>(it.parameters());
        assertThat(parameters.put(name, number)).isNotNull();
        return new FitSummary(it.method(), it.from(), it.to(), it.samples(), it.seed(), it.logLikelihood(), parameters);
    }

    private static void assertSame(ForecastModel one, ForecastModel other) {
        Forecast a = one.forecast(40, LEVELS);
        Forecast b = other.forecast(40, LEVELS);
        assertThat(a.start()).isEqualTo(b.start());
        for (int h = 0; h < a.horizon(); h++) {
            assertThat(a.mean(h)).isEqualTo(b.mean(h));
            for (int q = 0; q < LEVELS.length; q++) {
                assertThat(a.quantile(h, q)).isEqualTo(b.quantile(h, q));
            }
        }
    }
}
