package dev.shadow.forecast.lstm;

/**
 * A rational approximation of the hyperbolic tangent, made for loops that the compiler can vectorise: no branch, no
 * table, no bit of the exponent touched.
 *
 * <p>{@code x P(x²) / Q(x²)}, both of degree 4, on [-7.9, 7.9], clamped beyond, where the tangent is 1 to 3e-7. The
 * coefficients are the minimax fit of that form by Lawson's reweighted least squares; in single precision the error is
 * at most 4e-7. The logistic function is {@code 0.5 + 0.5 tanh(x / 2)}. Infinity gives ±1, NaN gives NaN.
 */
final class Squash {
    static final float LIMIT = 7.9f;
    static final float P0 = 0.99999994f;
    static final float P1 = 0.13438188f;
    static final float P2 = 0.0035641522f;
    static final float P3 = 2.177318e-5f;
    static final float P4 = 1.5061719e-8f;
    static final float Q1 = 0.46771508f;
    static final float Q2 = 0.026136f;
    static final float Q3 = 3.399173e-4f;
    static final float Q4 = 8.453624e-7f;

    private Squash() {}

    /** The hyperbolic tangent of one value. */
    static float tanh(float value) {
        float x = Math.max(-LIMIT, Math.min(LIMIT, value));
        float s = x * x;
        float numerator = x * ((((P4 * s + P3) * s + P2) * s + P1) * s + P0);
        return numerator / ((((Q4 * s + Q3) * s + Q2) * s + Q1) * s + 1);
    }

    /**
     * Replaces the first {@code size} values by the tangent of {@code scale} times them. Two loops, since the compiler
     * vectorises only short bodies.
     */
    static void tanh(float[] values, float[] scratch, float scale, int size) {
        for (int i = 0; i < size; i++) {
            values[i] = Math.max(-LIMIT, Math.min(LIMIT, scale * values[i]));
        }
        for (int i = 0; i < size; i++) {
            float s = values[i] * values[i];
            scratch[i] = (((Q4 * s + Q3) * s + Q2) * s + Q1) * s + 1;
        }
        for (int i = 0; i < size; i++) {
            float s = values[i] * values[i];
            values[i] = values[i] * ((((P4 * s + P3) * s + P2) * s + P1) * s + P0) / scratch[i];
        }
    }
}
