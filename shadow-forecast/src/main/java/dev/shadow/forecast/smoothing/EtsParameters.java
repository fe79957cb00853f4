package dev.shadow.forecast.smoothing;

import dev.shadow.spi.InvalidValueException;

/**
 * Parameters of additive exponential smoothing with a trend that may fade.
 *
 * @param alpha share of an error that the level takes over, above 0, below 1
 * @param beta share that the trend takes over, 0 to {@code alpha}; 0 with {@code phi} 0 for no trend
 * @param gamma share that the season takes over, 0 to {@code 1 - alpha}
 * @param phi what remains of the trend after a step, 0 to 1
 */
record EtsParameters(double alpha, double beta, double gamma, double phi) {
    private static final double LEAST = 1e-4;
    private static final double[] PHI = {0.8, 0.98};

    /** Parameters that were found before; {@code phi} is 0 for no trend. */
    static EtsParameters checked(double alpha, double beta, double gamma, double phi) {
        share("alpha", alpha);
        share("beta", beta);
        share("gamma", gamma);
        share("phi", phi);
        return new EtsParameters(alpha, beta, gamma, phi);
    }

    private static void share(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new InvalidValueException("parameters." + name, Double.toString(share), "be from 0 to 1");
        }
    }

    /** Parameters from coordinates that each run from 0 to 1; those outside are taken as at the border. */
    static EtsParameters at(double[] point, EtsTrend trend, boolean seasonal) {
        double alpha = between(LEAST, 1 - LEAST, point[0]);
        int next = 1;
        double beta = trend == EtsTrend.NONE ? 0 : between(LEAST, alpha, point[next++]);
        double gamma = seasonal ? between(LEAST, 1 - alpha, point[next++]) : 0;
        double phi = trend == EtsTrend.NONE ? 0 : 1;
        phi = trend == EtsTrend.DAMPED ? between(PHI[0], PHI[1], point[next]) : phi;
        return new EtsParameters(alpha, beta, gamma, phi);
    }

    /** Number of coordinates. */
    static int coordinates(EtsTrend trend, boolean seasonal) {
        return 1 + trend.parameters() + (seasonal ? 1 : 0);
    }

    private static double between(double low, double high, double share) {
        return low + Math.max(0, Math.min(1, share)) * (high - low);
    }
}
