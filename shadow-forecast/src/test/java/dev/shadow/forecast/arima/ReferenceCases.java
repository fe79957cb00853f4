package dev.shadow.forecast.arima;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What R computed, from the test resources; the NOTICE beside them says how. */
public final class ReferenceCases {
    private ReferenceCases() {}

    public static Stream<JsonNode> of(String file) {
        String path = "/dev/shadow/forecast/arima/" + file;
        try (InputStream in = Objects.requireNonNull(ReferenceCases.class.getResourceAsStream(path), path)) {
            return StreamSupport.stream(
                    new ObjectMapper().readTree(in).get("cases").spliterator(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static double[] numbers(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).isNull() ? Double.NaN : array.get(i).asDouble();
        }
        return values;
    }

    static ArimaSpecification specification(JsonNode reference) {
        JsonNode order = reference.get("order");
        JsonNode seasonal = reference.get("seasonal");
        boolean hasSeason = seasonal.get(0).asInt()
                        + seasonal.get(1).asInt()
                        + seasonal.get(2).asInt()
                > 0;
        ArimaOrder full = new ArimaOrder(
                order.get(0).asInt(),
                order.get(1).asInt(),
                order.get(2).asInt(),
                seasonal.get(0).asInt(),
                seasonal.get(1).asInt(),
                seasonal.get(2).asInt(),
                hasSeason ? reference.get("period").asInt() : 1);
        return new ArimaSpecification(
                full,
                reference.get("include_mean").asBoolean(),
                reference.get("include_drift").asBoolean());
    }

    static double[] coefficients(ArimaOrder order, JsonNode named) {
        double[] result = new double[order.coefficients()];
        int at = 0;
        String[] names = {"ar", "ma", "sar", "sma"};
        int[] counts = {order.p(), order.q(), order.seasonalP(), order.seasonalQ()};
        for (int k = 0; k < names.length; k++) {
            for (int i = 1; i <= counts[k]; i++) {
                result[at++] = named.get(names[k] + i).asDouble();
            }
        }
        return result;
    }

    static double[] regression(ArimaSpecification specification, JsonNode named) {
        return Stream.of("intercept", "drift")
                .filter(named::has)
                .filter(name -> name.equals("drift") ? specification.drift() : specification.mean())
                .mapToDouble(name -> named.get(name).asDouble())
                .toArray();
    }
}
