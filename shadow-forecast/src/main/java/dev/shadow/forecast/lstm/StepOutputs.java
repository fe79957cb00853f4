package dev.shadow.forecast.lstm;

/** What the network says of any step ahead: between the steps that it was trained for, in proportion to distance. */
final class StepOutputs {
    private final double[] raw;
    private final double[] numbers = new double[QuantileHead.NUMBERS];
    private int above;

    StepOutputs(double[] raw) {
        this.raw = raw;
    }

    /** Numbers of a step ahead, overwritten by the next call; steps must not decrease from call to call. */
    double[] at(int ahead) {
        int[] steps = QuantileHead.STEPS;
        while (above < steps.length - 1 && steps[above] < ahead) {
            above++;
        }
        int below = steps[above] <= ahead ? above : above - 1;
        double share = below == above ? 0 : (double) (ahead - steps[below]) / (steps[above] - steps[below]);
        for (int i = 0; i < numbers.length; i++) {
            double low = raw[below * QuantileHead.NUMBERS + i];
            numbers[i] = low + share * (raw[above * QuantileHead.NUMBERS + i] - low);
        }
        return numbers;
    }
}
