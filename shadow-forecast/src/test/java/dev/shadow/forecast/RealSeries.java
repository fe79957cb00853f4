package dev.shadow.forecast;

import dev.shadow.spi.metrics.TimeSeries;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** The real series of the test resources: seven days at 5 minutes. */
public final class RealSeries {
    private RealSeries() {}

    public static TimeSeries load(String name) {
        try (InputStream in = Objects.requireNonNull(RealSeries.class.getResourceAsStream(name + ".txt"), name)) {
            double[] values = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .mapToDouble(line -> "NA".equals(line) ? Double.NaN : Double.parseDouble(line))
                    .toArray();
            return TimeSeries.of(Instant.parse("2013-08-12T00:00:00Z"), Duration.ofMinutes(5), values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
