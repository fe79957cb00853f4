package dev.shadow.forecast.arima;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class OrderSearchTest {
    static Stream<Named<JsonNode>> cases() {
        return ReferenceCases.of("reference-auto.json")
                .map(reference -> Named.of(reference.get("name").asText(), reference));
    }

    /** In the convention of R, whose likelihood differs by some 1e-3 where the series is differenced. */
    @ParameterizedTest
    @MethodSource("cases")
    void findsAModelNoWorseThanThatOfAutoArima(JsonNode reference) {
        double[] values = ReferenceCases.numbers(reference.get("values"));

        ArimaFit fit = OrderSearch.of(reference.get("period").asInt()).search(values);

        ArimaFit same = Arima.at(
                fit.specification(),
                values,
                new double[0][],
                fit.coefficients(),
                fit.regression(),
                Likelihood.LARGE_PRIOR);
        assertThat(same.aicc()).isLessThan(reference.get("default").get("aicc").asDouble() + 1e-4);
    }
}
