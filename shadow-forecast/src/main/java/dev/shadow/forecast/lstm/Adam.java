package dev.shadow.forecast.lstm;

/**
 * Adam (Kingma and Ba 2015) with the gradient's norm clipped, and a running average of the parameters (Polyak and
 * Juditsky 1992), which is what is kept: it is steadier than the parameters themselves.
 */
final class Adam {
    private static final double FIRST = 0.9;
    private static final double SECOND = 0.999;
    private static final double EPSILON = 1e-8;
    private static final double LARGEST_NORM = 1;
    private static final double AVERAGE = 0.998;

    private final Parameters first;
    private final Parameters second;
    private final Parameters average;
    private int steps;

    Adam(Parameters start) {
        first = new Parameters(start.hidden);
        second = new Parameters(start.hidden);
        average = start.copy();
    }

    /** The averaged parameters; they change with the next step. */
    Parameters average() {
        return average;
    }

    void step(Parameters parameters, Parameters gradient, double rate) {
        steps++;
        double norm = gradient.norm();
        float clip = (float) (norm > LARGEST_NORM ? LARGEST_NORM / norm : 1);
        double correction = Math.sqrt(1 - Math.pow(SECOND, steps));
        float size = (float) (rate * correction / (1 - Math.pow(FIRST, steps)));
        float epsilon = (float) (EPSILON * correction);
        float keep = (float) Math.min(AVERAGE, (1.0 + steps) / (10.0 + steps));
        for (int b = 0; b < Parameters.BLOCKS; b++) {
            float[] value = parameters.blocks[b];
            moments(gradient.blocks[b], clip, first.blocks[b], second.blocks[b]);
            move(value, first.blocks[b], second.blocks[b], size, epsilon);
            blend(average.blocks[b], value, keep);
        }
    }

    private static void moments(float[] gradient, float clip, float[] first, float[] second) {
        float a = (float) FIRST;
        float b = (float) SECOND;
        for (int i = 0; i < first.length; i++) {
            float g = clip * gradient[i];
            first[i] = a * first[i] + (1 - a) * g;
            second[i] = b * second[i] + (1 - b) * g * g;
        }
    }

    private static void move(float[] value, float[] first, float[] second, float size, float epsilon) {
        for (int i = 0; i < value.length; i++) {
            value[i] -= size * first[i] / ((float) Math.sqrt(second[i]) + epsilon);
        }
    }

    private static void blend(float[] average, float[] value, float keep) {
        for (int i = 0; i < average.length; i++) {
            average[i] = keep * average[i] + (1 - keep) * value[i];
        }
    }
}
