package dev.shadow.forecast.lstm;

import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Forecasts a series with a network that was trained on others: a fit reads the series' scale and trains nothing, an
 * update keeps the last values, a forecast is one run over a window of 48. Needs at least 8 values that are there.
 * May be shared between threads. Draws nothing at random: the seed is only recorded.
 *
 * <p>The season is the one of the options, or 288 steps where the series holds two of them, or none. Levels other than
 * the eleven that the network was trained for are interpolated, and carried on beyond them along the outermost two.
 * Steps beyond 288 ahead are forecast with the weights of step 288.
 */
public final class LstmForecaster implements Forecaster {
    private static final int FEWEST = 8;
    private static final int SEASON = WindowReader.DAY;
    private static final String BUNDLED = "lstm-default.model";

    private final LstmNetwork network;
    private final Inference inference;

    private LstmForecaster(LstmNetwork network) {
        this.network = network;
        inference = new Inference(network.parameters());
    }

    /** Returns the forecaster of a trained network. */
    public static LstmForecaster of(LstmNetwork network) {
        return new LstmForecaster(network);
    }

    /**
     * Reads a network and returns its forecaster.
     *
     * @throws IOException if the stream fails or does not hold a sound network
     */
    public static LstmForecaster load(InputStream in) throws IOException {
        return of(LstmNetwork.load(in));
    }

    /** Returns the forecaster of the network in this library, trained on traces of virtual machines at five minutes. */
    public static LstmForecaster bundled() {
        try (InputStream in = LstmForecaster.class.getResourceAsStream(BUNDLED)) {
            if (in == null) {
                throw new IllegalStateException("the library lacks its resource " + BUNDLED);
            }
            return load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the library's resource " + BUNDLED + " cannot be read", e);
        }
    }

    /** The network. */
    public LstmNetwork network() {
        return network;
    }

    Inference inference() {
        return inference;
    }

    @Override
    public LstmModel fit(TimeSeries series, FitOptions options) throws ForecastException {
        if (options.lowerBound() == Double.POSITIVE_INFINITY || options.upperBound() == Double.NEGATIVE_INFINITY) {
            throw new ForecastException(
                    Retry.PERMANENT,
                    "no finite value lies between the bounds " + options.lowerBound() + " and " + options.upperBound()
                            + "; give at least one finite bound or none");
        }
        int present = series.present();
        if (present < FEWEST) {
            throw new ForecastException(
                    Retry.PERMANENT,
                    "at least " + FEWEST + " values are needed to fit, " + present + " of " + series.size()
                            + " are there; collect " + (FEWEST - present) + " more");
        }
        int season = options.season().orElse(SEASON);
        return LstmModel.of(this, series, options, 2L * season <= series.size() ? season : 1, present);
    }
}
