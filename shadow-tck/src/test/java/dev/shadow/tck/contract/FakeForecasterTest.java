package dev.shadow.tck.contract;

import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import dev.shadow.tck.fake.FakeForecaster;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

class FakeForecasterTest extends ForecasterContract {
    private final VirtualTime time = VirtualTime.create();
    private final Map<String, Object> memory = Mutant.memoryOn(time);
    private final FakeForecaster fake = FakeForecaster.flat(4);
    private final Forecaster forecaster = Mutant.in(Forecaster.class, new Handing(fake), memory);

    @Override
    protected Forecaster forecaster() {
        return forecaster;
    }

    private record Handing(Forecaster real) implements Forecaster {
        @Override
        public ForecastModel fit(TimeSeries series, FitOptions options) throws ForecastException {
            return model(real.fit(series, options));
        }

        @Override
        public ForecastModel rebuild(TimeSeries history, FitOptions options, FitSummary summary)
                throws ForecastException {
            return model(real.rebuild(history, options, summary));
        }
    }

    /** Puts a mutant before the model, and before every model that it becomes. */
    private static ForecastModel model(ForecastModel real) {
        ForecastModel handing = new ForecastModel() {
            @Override
            public Forecast forecast(int horizon, double[] levels) {
                return real.forecast(horizon, levels);
            }

            @Override
            public ForecastModel update(double[] values) {
                return model(real.update(values));
            }

            @Override
            public FitSummary summary() {
                return real.summary();
            }
        };
        return Mutant.in(ForecastModel.class, handing, new ConcurrentHashMap<>());
    }

    @Override
    protected Duration patience() {
        return Duration.ofMillis(100);
    }

    @Override
    protected void settle() {
        time.advance(Duration.ofMillis(500));
    }

    @Override
    protected long nanoTime() {
        return time.nanoTime();
    }

    @Override
    protected void letPass(Duration duration) {
        time.advance(duration);
    }
}
