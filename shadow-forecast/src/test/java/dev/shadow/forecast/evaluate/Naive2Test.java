package dev.shadow.forecast.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * The forecasts of seasonal series are from R 4.2.2, {@code decompose(ts(x, frequency = m), "multiplicative")} with
 * {@code x <- 20 + ((t * 7) %% 11) / 8 + c(0, 5, 2, -3, 6)[t %% m + 1]} and {@code t <- 0:29}.
 */
final class Naive2Test {
    private static final double[] EVEN = {
        22.54847527713233, 17.45416857832483, 20.45100649975176, 25.62500000000000, 22.54847527713233, 17.45416857832483
    };
    private static final double[] ODD = {
        20.69689536424449, 25.46441221616563, 22.48981901787895, 17.59591186100350, 26.62500000000000, 20.69689536424449
    };
    private static final double[] PATTERN = {0, 5, 2, -3, 6};

    @Test
    void agreesWithADecompositionByRForAnEvenAndAnOddSeason() {
        assertForecasts(4, EVEN);
        assertForecasts(5, ODD);
    }

    @Test
    void repeatsTheNewestValueWhereTheSeasonIsNotSignificantOrNotSeenThreeTimes() {
        double[] noise = new double[40];
        Arrays.setAll(noise, t -> 5 + t * t * 7 % 13);

        assertThat(Naive2.forecast(noise, 4, 3)).containsOnly(noise[39]);
        assertThat(Naive2.forecast(Arrays.copyOf(seasonal(4), 11), 4, 2)).containsOnly(seasonal(4)[10]);
        assertThat(Naive2.forecast(new double[] {3, 4}, 1, 2)).containsExactly(4, 4);
    }

    @Test
    void repeatsTheNewestValueOfConstantsAndOfValuesThatAreNotAboveZero() {
        double[] shifted = Arrays.stream(seasonal(4)).map(x -> x - 30).toArray();

        assertThat(Naive2.forecast(shifted, 4, 1)).containsExactly(shifted[29]);
        assertThat(Naive2.forecast(new double[] {7, 7, 7, 7, 7, 7, 7}, 2, 1)).containsExactly(7);
    }

    @Test
    void leavesMissingValuesOut() {
        assertThat(Naive2.forecast(new double[] {1, Double.NaN, 2, Double.NaN}, 1, 1))
                .containsExactly(2);
        assertThat(Naive2.forecast(new double[] {Double.NaN}, 1, 2)).containsExactly(0, 0);
    }

    private static void assertForecasts(int season, double[] expected) {
        double[] forecast = Naive2.forecast(seasonal(season), season, expected.length);
        for (int h = 0; h < expected.length; h++) {
            assertThat(forecast[h]).isCloseTo(expected[h], within(1e-12));
        }
    }

    private static double[] seasonal(int season) {
        double[] x = new double[30];
        Arrays.setAll(x, t -> 20 + t * 7 % 11 / 8.0 + PATTERN[t % season]);
        return x;
    }
}
