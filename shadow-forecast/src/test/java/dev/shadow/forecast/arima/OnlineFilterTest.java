package dev.shadow.forecast.arima;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.tck.property.SeededTest;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The filter that leaves out what it no longer needs against the plain one. */
final class OnlineFilterTest {
    private static final int STEPS = 40;

    @SeededTest(runs = 60)
    void forecastsLikeThePlainFilterAtEveryStepWithGapsAndDifferences(RandomGenerator random) {
        ArimaOrder stationary = RandomModels.order(random);
        double[] coefficients = RandomModels.coefficients(stationary, random);
        int differences = random.nextInt(2);
        boolean seasonal = stationary.period() > 1 && random.nextBoolean();
        int d = seasonal ? 0 : differences;
        int seasonalD = seasonal ? differences : 0;
        ArimaOrder order = new ArimaOrder(
                stationary.p(),
                d,
                stationary.q(),
                stationary.seasonalP(),
                seasonalD,
                stationary.seasonalQ(),
                stationary.period());
        ArmaPolynomials arma = ArmaPolynomials.of(order, coefficients);
        KalmanFilter plain = KalmanFilter.start(arma, order.delta());
        OnlineFilter online = OnlineFilter.start(arma, order.delta());

        double[] values = walk(300, random);
        for (int t = 0; t < values.length; t++) {
            double value = t % 90 > 80 && random.nextBoolean() ? Double.NaN : values[t];
            plain.observe(value);
            online.observe(value);
            if (t > 2 * order.differenced() && random.nextInt(5) == 0) {
                assertSame(plain, online, 1e-9);
            }
        }
        assertSame(plain, online, 1e-9);
    }

    @Test
    void withoutAGapTheGainIsFrozenAndTheForecastStaysThatOfThePlainFilter() {
        ArimaOrder order = ArimaOrder.of(2, 0, 1).seasonal(0, 1, 1, 24);
        ArmaPolynomials arma = ArmaPolynomials.of(order, new double[] {0.5, 0.1, -0.4, -0.6});
        KalmanFilter plain = KalmanFilter.start(arma, order.delta());
        OnlineFilter online = OnlineFilter.start(arma, order.delta());

        for (double value : walk(1500, new SplittableRandom(3))) {
            plain.observe(value);
            online.observe(value);
        }

        assertThat(online.isSteady()).isTrue();
        assertSame(plain, online, 1e-9);
    }

    /** A second difference integrates the rounding of the plain filter's large prior once more. */
    @Test
    void aMissingValueThawsTheGainOfTheTwinAlone() {
        ArimaOrder order = ArimaOrder.of(1, 1, 1).seasonal(1, 1, 1, 24);
        ArmaPolynomials arma = ArmaPolynomials.of(order, new double[] {0.5, -0.4, 0.3, -0.6});
        KalmanFilter plain = KalmanFilter.start(arma, order.delta());
        OnlineFilter online = OnlineFilter.start(arma, order.delta());
        double[] values = walk(1500, new SplittableRandom(3));

        for (double value : values) {
            plain.observe(value);
            online.observe(value);
        }

        assertThat(online.isSteady()).isTrue();
        assertSame(plain, online, 1e-7);
        OnlineFilter twin = online.copy();
        twin.observe(Double.NaN);
        assertThat(twin.isSteady()).isFalse();
        assertThat(online.isSteady()).isTrue();
    }

    private static void assertSame(KalmanFilter plain, OnlineFilter online, double tolerance) {
        double[] path = plain.path(STEPS);
        double[] variances = plain.variances(STEPS);
        double[] onlinePath = online.path(STEPS);
        double[] onlineVariances = online.variances(STEPS);
        for (int h = 0; h < STEPS; h++) {
            assertThat(onlinePath[h]).isCloseTo(path[h], within(tolerance * (1 + Math.abs(path[h]))));
            assertThat(onlineVariances[h]).isCloseTo(variances[h], within(tolerance * variances[h]));
        }
    }

    private static double[] walk(int n, RandomGenerator random) {
        double[] values = new double[n];
        for (int t = 1; t < n; t++) {
            values[t] = 0.9 * values[t - 1] + random.nextGaussian();
        }
        return values;
    }
}
