package dev.shadow.examples.forecast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shadow.spi.forecast.Forecast;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes the forecast file, {@code id,h,mean,q0.01,...}, and if wanted the timing file,
 * {@code id,cpu_ms,wall_ms,model}. The column {@code mean} holds the median, which is the point with the least
 * expected absolute error.
 */
final class ForecastFiles implements Closeable {
    private static final int MEDIAN = Arrays.binarySearch(ForecastRun.LEVELS, 0.5);

    private final BufferedWriter forecasts;
    private final Optional<BufferedWriter> timings;

    private ForecastFiles(BufferedWriter forecasts, Optional<BufferedWriter> timings) {
        this.forecasts = forecasts;
        this.timings = timings;
    }

    static ForecastFiles create(Path forecastFile, Optional<Path> timingFile) throws IOException {
        BufferedWriter forecasts = Files.newBufferedWriter(forecastFile, UTF_8);
        try {
            forecasts.write("id,h,mean,"
                    + Arrays.stream(ForecastRun.LEVELS)
                            .mapToObj(level -> "q" + level)
                            .collect(Collectors.joining(","))
                    + "\n");
            Optional<BufferedWriter> timings = Optional.empty();
            if (timingFile.isPresent()) {
                timings = Optional.of(Files.newBufferedWriter(timingFile.get(), UTF_8));
                timings.get().write("id,cpu_ms,wall_ms,model\n");
            }
            return new ForecastFiles(forecasts, timings);
        } catch (IOException e) {
            forecasts.close();
            throw e;
        }
    }

    void write(TaskForecast result) throws IOException {
        Forecast forecast = result.forecast();
        StringBuilder row = new StringBuilder();
        for (int h = 0; h < forecast.horizon(); h++) {
            row.append(result.task().id()).append(',').append(h + 1).append(',');
            row.append(forecast.quantile(h, MEDIAN));
            for (int q = 0; q < ForecastRun.LEVELS.length; q++) {
                row.append(',').append(forecast.quantile(h, q));
            }
            row.append('\n');
        }
        forecasts.append(row);
        if (timings.isPresent()) {
            timings.get()
                    .write(String.format(
                            Locale.ROOT,
                            "%s,%.3f,%.3f,%s%n",
                            result.task().id(),
                            result.cpuNanos() / 1e6,
                            result.wallNanos() / 1e6,
                            result.model()));
        }
    }

    @Override
    public void close() throws IOException {
        try (BufferedWriter first = forecasts) {
            if (timings.isPresent()) {
                timings.get().close();
            }
            first.flush();
        }
    }
}
