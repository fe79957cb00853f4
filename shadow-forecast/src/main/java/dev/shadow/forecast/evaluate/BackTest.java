package dev.shadow.forecast.evaluate;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import java.util.Arrays;

/**
 * Forecasts from rolling origins in the past of a series and compares with what came. At each origin the forecaster
 * has seen the values before it and nothing else.
 */
public final class BackTest {
    private final Forecaster forecaster;
    private final FitOptions options;
    private final BackTestPlan plan;

    private BackTest(Forecaster forecaster, FitOptions options, BackTestPlan plan) {
        this.forecaster = forecaster;
        this.options = options;
        this.plan = plan;
    }

    /** Returns a back-test that may be run on any number of series. */
    public static BackTest of(Forecaster forecaster, FitOptions options, BackTestPlan plan) {
        return new BackTest(forecaster, options, plan);
    }

    /**
     * Runs on one series.
     *
     * @throws ForecastException if the forecaster refuses the values before an origin
     * @throws InvalidValueException if no value that is there follows the first origin
     */
    public BackTestReport run(TimeSeries series) throws ForecastException {
        double[] values = series.values();
        double[] levels = plan.levelArray();
        Tally tally = new Tally(levels);
        ForecastModel model = null;
        int origins = 0;
        for (int origin = plan.firstOrigin(); origin < values.length; origin += plan.spacing()) {
            if (model == null || origins % plan.refitEvery() == 0) {
                double[] known = Arrays.copyOf(values, origin);
                model = forecaster.fit(TimeSeries.of(series.start(), series.step(), known), options);
            } else {
                model = model.update(Arrays.copyOfRange(values, origin - plan.spacing(), origin));
            }
            tally.add(model.forecast(plan.horizon(), levels), values, origin);
            origins++;
        }
        if (tally.isEmpty()) {
            throw new InvalidValueException(
                    "firstOrigin",
                    Integer.toString(plan.firstOrigin()),
                    "leave values to compare with; the series has " + values.length + " values");
        }
        return tally.report(origins, scale(values));
    }

    private double scale(double[] values) {
        int lag = options.season().orElse(1);
        double mean = 0;
        int count = 0;
        for (int t = lag; t < Math.min(plan.firstOrigin(), values.length); t++) {
            double difference = Math.abs(values[t] - values[t - lag]);
            if (!Double.isNaN(difference)) {
                count++;
                mean += (difference - mean) / count;
            }
        }
        return mean;
    }

    /** The pinball loss of one quantile (Koenker and Bassett, Econometrica 46, 1978). */
    static double pinball(double outcome, double quantile, double level) {
        double miss = outcome - quantile;
        return Math.max(level * miss, (level - 1) * miss);
    }

    static boolean isInside(Forecast forecast, int h, int levels, double outcome) {
        return outcome >= forecast.quantile(h, 0) && outcome <= forecast.quantile(h, levels - 1);
    }
}
