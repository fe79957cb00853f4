package dev.shadow.examples.forecast;

import dev.shadow.forecast.Forecasters;
import dev.shadow.forecast.lstm.LstmForecaster;
import dev.shadow.forecast.stream.StreamForecaster;
import dev.shadow.spi.forecast.Forecaster;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The methods that {@code --method} can name. A new one is a line in {@link #all}. */
final class ForecastMethods {
    /** Makes a method ready, which may read the trained model that {@code --model} names. */
    @FunctionalInterface
    interface Opener {
        Forecaster open(Optional<Path> model) throws IOException;
    }

    private ForecastMethods() {}

    /** The methods by name, the default first. */
    static Map<String, Opener> all() {
        Map<String, Opener> methods = new LinkedHashMap<>();
        methods.put("ensemble", withoutModel(Forecasters.standard()));
        methods.put("lstm", ForecastMethods::lstm);
        methods.put("naive", withoutModel(Forecasters.naive()));
        methods.put("seasonal-naive", withoutModel(Forecasters.seasonalNaive()));
        methods.put("theta", withoutModel(Forecasters.theta()));
        methods.put("ets", withoutModel(Forecasters.ets()));
        methods.put("auto-arima", withoutModel(Forecasters.arima()));
        methods.put("histogram", withoutModel(Forecasters.histogram()));
        methods.put("stream", withoutModel(StreamForecaster.create()));
        return methods;
    }

    private static Forecaster lstm(Optional<Path> model) throws IOException {
        if (model.isEmpty()) {
            return LstmForecaster.bundled();
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(model.get()))) {
            return LstmForecaster.load(in);
        }
    }

    private static Opener withoutModel(Forecaster forecaster) {
        return model -> {
            if (model.isPresent()) {
                throw new IOException("this method takes no trained model, so --model " + model.get() + " is wrong");
            }
            return forecaster;
        };
    }
}
