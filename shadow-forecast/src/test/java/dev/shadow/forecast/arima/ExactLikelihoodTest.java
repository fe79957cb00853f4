package dev.shadow.forecast.arima;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.tck.property.SeededTest;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The fast filter against the plain one, on random stationary models. */
final class ExactLikelihoodTest {
    private static final double[][] NONE = {};

    @SeededTest(runs = 100)
    void theFastLikelihoodIsThatOfThePlainFilter(RandomGenerator random) {
        ArimaOrder order = RandomModels.order(random);
        double[] coefficients = RandomModels.coefficients(order, random);
        double[] values = random.doubles(30 + random.nextInt(120)).toArray();

        assertThat(at(order, values, coefficients, Likelihood.EXACT).logLikelihood())
                .isCloseTo(
                        at(order, values, coefficients, Likelihood.LARGE_PRIOR).logLikelihood(), within(1e-7));
    }

    @SeededTest(runs = 100)
    void soItIsWithMissingValues(RandomGenerator random) {
        ArimaOrder order = RandomModels.order(random);
        double[] coefficients = RandomModels.coefficients(order, random);
        double[] values = random.doubles(60 + random.nextInt(60)).toArray();
        for (int i = random.nextInt(20); i > 0; i--) {
            values[random.nextInt(values.length)] = Double.NaN;
        }

        assertThat(at(order, values, coefficients, Likelihood.EXACT).logLikelihood())
                .isCloseTo(
                        at(order, values, coefficients, Likelihood.LARGE_PRIOR).logLikelihood(), within(1e-6));
    }

    @SeededTest(runs = 30)
    void nothingNearTheMaximumIsLikelier(RandomGenerator random) {
        ArimaOrder order = RandomModels.order(random);
        double[] values = RandomModels.simulated(order, RandomModels.coefficients(order, random), 150, random);
        ArimaFit fit = Arima.fit(ArimaSpecification.of(order), values);
        double[] best = fit.concatenated();

        for (int i = 0; i < best.length; i++) {
            for (double step : new double[] {-1e-3, 1e-3}) {
                double[] near = best.clone();
                near[i] += step;
                assertThat(fit.logLikelihoodAt(near)).isLessThan(fit.logLikelihood() + 1e-6);
            }
        }
    }

    @Test
    void aRootOnTheUnitCircleIsNotStationaryAndRefused() {
        ArimaOrder order = ArimaOrder.of(1, 0, 2);
        double[] border = {1, -0.71, -0.15};

        assertThat(Arima.isStationary(order, new double[] {0.999, -0.71, -0.15}))
                .isTrue();
        assertThat(Arima.isStationary(order, border)).isFalse();
        double[] values = new SplittableRandom(1).doubles(40).toArray();
        assertThatThrownBy(() -> at(order, values, border, Likelihood.LARGE_PRIOR))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("stationary");
    }

    private static ArimaFit at(ArimaOrder order, double[] values, double[] coefficients, Likelihood likelihood) {
        ArimaSpecification specification = new ArimaSpecification(order, false, false);
        return Arima.at(specification, values, NONE, coefficients, new double[0], likelihood);
    }

    @SeededTest(runs = 20)
    void recoversWhatWasSimulated(RandomGenerator random) {
        ArimaOrder order = ArimaOrder.of(1, 0, 1).seasonal(0, 0, 1, 6);
        double[] truth = {0.4 + 0.4 * random.nextDouble(), 0.3 + 0.4 * random.nextDouble(), -0.5 * random.nextDouble()};
        double[] values = RandomModels.simulated(order, truth, 800, random);
        Arrays.setAll(values, t -> values[t] + 7);

        ArimaFit fit = Arima.fit(ArimaSpecification.of(order), values);

        double[] errors = fit.standardErrors().values().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        for (int i = 0; i < truth.length; i++) {
            assertThat(fit.coefficients()[i]).isCloseTo(truth[i], within(4.5 * errors[i]));
        }
        assertThat(fit.regression()[0]).isCloseTo(7, within(4.5 * errors[truth.length]));
        assertThat(fit.diagnostics(20).ljungBoxProbability()).isGreaterThan(1e-4);
    }
}
