package dev.shadow.forecast;

import java.util.random.RandomGenerator;

/** Series that a forecaster must survive: gaps, jumps, plateaus, ties, huge and tiny numbers. */
public final class Nasty {
    private static final double[] ODD = {
        0, -0.0, 1e-300, Double.MIN_VALUE, 1e9, -1e150, 1e300, -Double.MAX_VALUE, Double.MAX_VALUE
    };

    private Nasty() {}

    /** The first eight values are there, so that the series can be fitted. */
    public static double[] values(RandomGenerator random, int length) {
        double[] values = new double[length];
        double level = 20;
        double gaps = random.nextInt(3) * 0.2;
        double jumps = random.nextInt(3) * 0.05;
        double odds = random.nextInt(3) * 0.05;
        for (int t = 0; t < length; t++) {
            level = random.nextDouble() < jumps ? random.nextInt(100) : level;
            values[t] = random.nextBoolean() ? level : level + random.nextGaussian();
            values[t] = random.nextDouble() < odds ? ODD[random.nextInt(ODD.length)] : values[t];
            values[t] = t >= 8 && random.nextDouble() < gaps ? Double.NaN : values[t];
        }
        return values;
    }
}
