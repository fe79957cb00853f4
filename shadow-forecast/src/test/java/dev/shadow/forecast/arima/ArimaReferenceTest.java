package dev.shadow.forecast.arima;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against R's {@code arima}. */
final class ArimaReferenceTest {
    private static final double[][] NONE = {};

    static Stream<Named<JsonNode>> cases() {
        return ReferenceCases.of("reference-arima.json")
                .map(reference -> Named.of(reference.get("name").asText(), reference));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesAtGivenParametersInTheConventionOfR(JsonNode reference) {
        JsonNode expected = reference.get("evaluate_at");
        ArimaFit fit = at(reference, Likelihood.LARGE_PRIOR);

        assertClose(fit.logLikelihood(), expected.get("loglik").asDouble(), 1e-9);
        assertClose(fit.variance(), expected.get("sigma2").asDouble(), 1e-9);
        double[][] forecast = fit.forecast(12, NONE);
        for (int h = 0; h < 12; h++) {
            assertClose(forecast[0][h], expected.get("mean").get(h).asDouble(), 1e-9);
            assertClose(forecast[1][h], expected.get("se").get(h).asDouble(), 1e-8);
        }
        double[] residuals = fit.residuals();
        double[] others = ReferenceCases.numbers(expected.get("residuals"));
        double scale = Math.sqrt(fit.variance());
        for (int t = 0; t < residuals.length; t++) {
            assertThat(Double.isNaN(residuals[t])).isEqualTo(Double.isNaN(others[t]));
            if (!Double.isNaN(others[t])) {
                assertThat(residuals[t]).isCloseTo(others[t], within(1e-6 * scale));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theFastLikelihoodIsTheSameWhereNothingIsDifferencedAndNearlySoElsewhere(JsonNode reference) {
        double expected = reference.get("evaluate_at").get("loglik").asDouble();
        ArimaFit fit = at(reference, Likelihood.EXACT);

        boolean differenced = fit.specification().order().differenced() > 0;
        assertClose(fit.logLikelihood(), expected, differenced ? 3e-5 : 1e-11);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isAsLikelyAsTheBestThatRFoundFromManyStarts(JsonNode reference) {
        JsonNode expected = reference.get("ml");
        ArimaFit fit = Arima.fit(
                ReferenceCases.specification(reference),
                ReferenceCases.numbers(reference.get("values")),
                NONE,
                Likelihood.LARGE_PRIOR);

        assertThat(fit.logLikelihood()).isGreaterThan(expected.get("loglik").asDouble() - 1e-6);
        assertThat(fit.observations()).isEqualTo(expected.get("nobs").asInt());
        assertThat(fit.aic()).isLessThan(expected.get("aic").asDouble() + 2e-6);
        assertThat(fit.aicc()).isLessThan(expected.get("aicc").asDouble() + 2e-6);
        assertThat(fit.bic()).isLessThan(expected.get("bic").asDouble() + 2e-6);
        double[][] forecast = fit.forecast(12, NONE);
        for (int h = 0; h < 12; h++) {
            assertClose(forecast[0][h], expected.get("forecast_mean").get(h).asDouble(), 1e-4);
            assertClose(forecast[1][h], expected.get("forecast_se").get(h).asDouble(), 1e-4);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theDefaultFitForecastsTheSame(JsonNode reference) {
        JsonNode expected = reference.get("ml");
        ArimaFit fit =
                Arima.fit(ReferenceCases.specification(reference), ReferenceCases.numbers(reference.get("values")));

        double[][] forecast = fit.forecast(12, NONE);
        for (int h = 0; h < 12; h++) {
            assertClose(forecast[0][h], expected.get("forecast_mean").get(h).asDouble(), 1e-4);
            assertClose(forecast[1][h], expected.get("forecast_se").get(h).asDouble(), 2e-4);
        }
        // R's own come from differences of step 1e-3 in another parametrisation.
        Map<String, Double> errors = fit.standardErrors();
        errors.forEach((name, error) -> assertThat(error)
                .as(name)
                .isCloseTo(
                        expected.get("se")
                                .get(name.equals("mean") ? "intercept" : name)
                                .asDouble(),
                        withinPercentage(1.5)));
    }

    private static ArimaFit at(JsonNode reference, Likelihood likelihood) {
        ArimaSpecification specification = ReferenceCases.specification(reference);
        JsonNode named = reference.get("evaluate_at").get("coef");
        return Arima.at(
                specification,
                ReferenceCases.numbers(reference.get("values")),
                NONE,
                ReferenceCases.coefficients(specification.order(), named),
                ReferenceCases.regression(specification, named),
                likelihood);
    }

    private static void assertClose(double actual, double expected, double relative) {
        assertThat(actual).isCloseTo(expected, within(relative * Math.abs(expected)));
    }
}
