package dev.shadow.forecast.smoothing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.tck.property.SeededTest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class EtsTest {
    /** By hand: level 10, trend 2, phi 0.5; expected 11, error 4. */
    @Test
    void movesItsStateByTheShareOfTheError() {
        Ets ets = new Ets(new EtsParameters(0.5, 0.25, 0, 0.5), 10, 2, new double[1]);

        ets.observe(15);

        assertThat(ets.level()).isEqualTo(13);
        assertThat(ets.ahead(1)).isEqualTo(13 + 0.5 * 2);
        assertThat(ets.ahead(2)).isEqualTo(13 + (0.5 + 0.25) * 2);
    }

    @Test
    void takesAMissingValueAsTheOneExpected() {
        Ets ets = new Ets(new EtsParameters(0.5, 0.25, 0, 0.5), 10, 2, new double[1]);
        double expected = ets.ahead(3);

        ets.observe(Double.NaN);

        assertThat(ets.ahead(2)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void reproducesAConstantExactly(EtsTrend trend) {
        double[] values = new double[60];
        Arrays.fill(values, 0.1);

        assertThat(fitted(values, 12, trend).ahead(30)).isEqualTo(0.1);
    }

    @Test
    void findsTheLineWhereThereIsOne() {
        double[] values = new double[40];
        Arrays.setAll(values, t -> 3 + 0.5 * t + (t % 2 == 0 ? 0.01 : -0.01));

        EtsFit fit = EtsFit.best(values, 1);

        assertThat(fit.trend()).isEqualTo(EtsTrend.ADDITIVE);
        assertThat(fitted(values, 1, EtsTrend.ADDITIVE).ahead(10)).isCloseTo(3 + 0.5 * 49, within(0.05));
    }

    @SeededTest(runs = 20)
    void followsTheUnitOfItsInput(RandomGenerator random) {
        double[] values = new double[80];
        Arrays.setAll(values, t -> 5 * Math.sin(t / 2.0) + random.nextGaussian());
        double[] other = Arrays.stream(values).map(value -> 1024 * (value + 16)).toArray();
        Ets one = fitted(values, 1, EtsTrend.DAMPED);
        Ets two = fitted(other, 1, EtsTrend.DAMPED);

        assertThat(two.ahead(5)).isCloseTo(1024 * (one.ahead(5) + 16), within(2.0));
    }

    @SeededTest(runs = 20)
    void aFadingTrendStaysNearWhatWasSeen(RandomGenerator random) {
        double[] values = new double[30 + random.nextInt(60)];
        Arrays.setAll(values, t -> random.nextGaussian() * Math.pow(1.1, t) + (t % 7 == 3 ? Double.NaN : 0));
        double size = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .map(Math::abs)
                .max()
                .orElseThrow();

        assertThat(Math.abs(fitted(values, 1, EtsTrend.DAMPED).ahead(100_000))).isLessThan(100 * size);
    }

    private static Ets fitted(double[] values, int season, EtsTrend trend) {
        Ets method = EtsFit.of(values, season, trend).method();
        for (double value : values) {
            method.observe(value);
        }
        return method;
    }
}
