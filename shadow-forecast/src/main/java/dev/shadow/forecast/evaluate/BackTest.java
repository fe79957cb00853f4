package dev.shadow.forecast.evaluate;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import java.util.Arrays;

/**
 * Forecasts from rolling origins in the past of a series and compares with what came. At each origin the forecaster
 * has seen the values before it and nothing else. Immutable; may be shared if the forecaster may.
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

    /**
     * Returns a back-test that may be run on any number of series.
     *
     * @param options also give the season of the scaled figures and of the benchmark; without one it is 1
     */
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
        return tallies(series).report();
    }

    Tallies tallies(TimeSeries series) throws ForecastException {
        double[] values = series.values();
        double[] levels = plan.levelArray();
        int season = options.season().orElse(1);
        Tallies tallies = new Tallies(new Levels(levels), plan.ranges());
        SeasonalDifference scale = new SeasonalDifference(values, season);
        ForecastModel model = null;
        int origins = 0;
        for (long next = plan.firstOrigin(); next < values.length; next += plan.spacing()) {
            int origin = (int) next;
            double[] known = Arrays.copyOf(values, origin);
            if (model == null || origins % plan.refitEvery() == 0) {
                model = forecaster.fit(TimeSeries.of(series.start(), series.step(), known), options);
            } else {
                model = model.update(Arrays.copyOfRange(values, origin - plan.spacing(), origin));
            }
            tallies.add(
                    model.forecast(plan.horizon(), levels),
                    values,
                    origin,
                    Naive2.forecast(known, season, plan.horizon()),
                    scale.before(origin));
            origins++;
        }
        if (tallies.isEmpty()) {
            throw new InvalidValueException(
                    "firstOrigin",
                    Integer.toString(plan.firstOrigin()),
                    "leave values to compare with; the series has " + values.length + " values");
        }
        tallies.countSeries(origins);
        return tallies;
    }
}
