package dev.shadow.forecast.stationarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shadow.forecast.arima.ReferenceCases;
import dev.shadow.forecast.decomposition.Stl;
import dev.shadow.forecast.stationarity.UnitRootTests.Deterministic;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against R's packages urca, tseries, forecast and stats. */
final class StationarityReferenceTest {
    static Stream<Named<JsonNode>> cases() {
        return ReferenceCases.of("reference-tests.json")
                .map(reference -> Named.of(reference.get("name").asText(), reference));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void unitRootTestsAgree(JsonNode reference) {
        assumeTrue(reference.has("kpss_mu"));
        double[] values = values(reference);
        JsonNode mu = reference.get("kpss_mu");
        JsonNode tau = reference.get("kpss_tau");
        JsonNode drift = reference.get("adf_drift");
        JsonNode trend = reference.get("adf_trend_tseries");

        assertClose(UnitRootTests.kpss(values, Deterministic.LEVEL, lags(mu)), mu.get("stat"));
        assertClose(UnitRootTests.kpss(values, Deterministic.TREND, lags(tau)), tau.get("stat"));
        assertClose(UnitRootTests.augmentedDickeyFuller(values, Deterministic.LEVEL, lags(drift)), drift.get("stat"));
        double statistic = UnitRootTests.augmentedDickeyFuller(values, Deterministic.TREND, lags(trend));
        assertClose(statistic, trend.get("stat"));
        assertClose(UnitRootTests.dickeyFullerTrendProbability(statistic, values.length), trend.get("p"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void numbersOfDifferencesAgree(JsonNode reference) {
        double[] values = values(reference);

        assertThat(Differencing.regular(values, Differencing.Test.KPSS, 2))
                .isEqualTo(reference.get("ndiffs_kpss").asInt());
        assertThat(Differencing.regular(values, Differencing.Test.AUGMENTED_DICKEY_FULLER, 2))
                .isEqualTo(reference.get("ndiffs_adf").asInt());
        assertThat(Differencing.regular(values, Differencing.Test.PHILLIPS_PERRON, 2))
                .isEqualTo(reference.get("ndiffs_pp").asInt());
        if (reference.has("nsdiffs_seas")) {
            assertThat(Differencing.seasonal(values, reference.get("period").asInt()))
                    .isEqualTo(reference.get("nsdiffs_seas").asInt());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void autocorrelationsAgree(JsonNode reference) {
        assumeTrue(reference.has("acf_20"));
        double[] values = values(reference);

        assertThat(Autocorrelation.of(values, 20))
                .containsExactly(ReferenceCases.numbers(reference.get("acf_20")), within(1e-10));
        assertThat(Autocorrelation.partial(values, 20))
                .containsExactly(ReferenceCases.numbers(reference.get("pacf_20")), within(1e-10));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void powersOfBoxAndCoxAgree(JsonNode reference) {
        assumeTrue(reference.has("boxcox_guerrero"));
        double[] values = values(reference);
        int period = reference.get("period").asInt();

        assertClose(BoxCox.guerrero(values, period, -1, 2), reference.get("boxcox_guerrero"));
        assertClose(BoxCox.mostLikely(values, period, -1, 2), reference.get("boxcox_loglik"));
    }

    /**
     * The robust decompositions beside these are not compared: R asks its partial sort for two ranks in falling order and
     * at some passes takes another value for the median.
     */
    @ParameterizedTest
    @MethodSource("cases")
    void periodicDecompositionsAgree(JsonNode reference) {
        assumeTrue(reference.has("stl_periodic"));
        double[] values = values(reference);
        double tolerance = 1e-10 * Arrays.stream(values).map(Math::abs).max().orElse(0);

        Stl.Parts parts = Stl.periodic(reference.get("period").asInt()).decompose(values);

        JsonNode expected = reference.get("stl_periodic");
        assertThat(parts.seasonal())
                .containsExactly(ReferenceCases.numbers(expected.get("seasonal")), within(tolerance));
        assertThat(parts.trend()).containsExactly(ReferenceCases.numbers(expected.get("trend")), within(tolerance));
    }

    private static double[] values(JsonNode reference) {
        return ReferenceCases.numbers(reference.get("values"));
    }

    private static int lags(JsonNode test) {
        return test.get("lags").asInt();
    }

    private static void assertClose(double actual, JsonNode expected) {
        assertThat(actual).isCloseTo(expected.asDouble(), within(1e-9 * Math.max(1, Math.abs(expected.asDouble()))));
    }
}
