package dev.shadow.forecast.arima;

import java.util.random.RandomGenerator;

/** Random stationary and invertible models, and series of them. */
final class RandomModels {
    private RandomModels() {}

    static ArimaOrder order(RandomGenerator random) {
        ArimaOrder regular = ArimaOrder.of(random.nextInt(4), 0, random.nextInt(4));
        return random.nextBoolean()
                ? regular
                : regular.seasonal(random.nextInt(3), 0, random.nextInt(2), 4 + random.nextInt(6));
    }

    static double[] coefficients(ArimaOrder order, RandomGenerator random) {
        double[] point = new double[order.coefficients()];
        for (int i = 0; i < point.length; i++) {
            point[i] = 0.9 * (2 * random.nextDouble() - 1);
        }
        return PartialCoefficients.coefficients(order, point);
    }

    static double[] simulated(ArimaOrder order, double[] coefficients, int n, RandomGenerator random) {
        ArmaPolynomials arma = ArmaPolynomials.of(order, coefficients);
        int warm = 500;
        double[] noise = new double[n + warm];
        double[] values = new double[n + warm];
        for (int t = 0; t < values.length; t++) {
            noise[t] = random.nextGaussian();
            values[t] = noise[t];
            for (int i = 0; i < Math.min(t, arma.ar.length); i++) {
                values[t] += arma.ar[i] * values[t - 1 - i];
            }
            for (int i = 0; i < Math.min(t, arma.ma.length); i++) {
                values[t] += arma.ma[i] * noise[t - 1 - i];
            }
        }
        return java.util.Arrays.copyOfRange(values, warm, values.length);
    }
}
