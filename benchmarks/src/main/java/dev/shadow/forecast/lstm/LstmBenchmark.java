package dev.shadow.forecast.lstm;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a training step and the run over one window cost, on one thread. A step is what {@code
 * benchmarks/peers/forecast/lstm_torch.py time} does: both passes over a batch of 64 windows that is there, clipping,
 * and Adam. In the package of the network, which shows none of this.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
public class LstmBenchmark {
    private static final int ROWS = 64;

    /** The kernels that compete. */
    public enum Rival {
        /** What C2 makes of plain loops. */
        PLAIN,
        /** {@code jdk.incubator.vector}. */
        VECTOR;

        private Kernel kernel() {
            return this == PLAIN ? new PlainKernel() : Kernels.best();
        }
    }

    @Param
    private Rival rival = Rival.PLAIN;

    @Param({"32", "64"})
    private int hidden = 32;

    private final Windows windows = new Windows(ROWS);
    private final Windows one = new Windows(1);
    private Parameters parameters = new Parameters(8);
    private Parameters gradient = new Parameters(8);
    private Network network = new Network(1, 8, new PlainKernel());
    private Adam adam = new Adam(parameters);
    private Inference inference = new Inference(parameters);

    /** Draws a network and windows. */
    @Setup
    public void draw() {
        SplittableRandom random = new SplittableRandom(1);
        parameters = Parameters.random(hidden, random);
        gradient = new Parameters(hidden);
        network = new Network(ROWS, hidden, rival.kernel());
        adam = new Adam(parameters);
        inference = new Inference(parameters);
        fill(windows, random);
        fill(one, random);
    }

    private static void fill(Windows windows, SplittableRandom random) {
        for (float[] inputs : windows.inputs) {
            fill(inputs, random);
        }
        fill(windows.features, random);
        Arrays.fill(windows.weights, 1);
        for (int r = 0; r < windows.rows; r++) {
            Arrays.setAll(windows.actuals[r], s -> random.nextGaussian());
            for (double[][] anchors : windows.anchors[r]) {
                for (double[] anchor : anchors) {
                    Arrays.setAll(anchor, q -> random.nextGaussian());
                    Arrays.sort(anchor);
                }
            }
        }
    }

    private static void fill(float[] values, SplittableRandom random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
    }

    /** Both passes over a batch, and the step that follows. */
    @Benchmark
    public double trainingStep() {
        gradient.clear();
        float[] outputs = network.forward(parameters, windows);
        double loss = network.backward(parameters, windows, gradient);
        adam.step(parameters, gradient, 1e-5);
        return loss + outputs[0];
    }

    /** One window through the network that is laid out for it; the kernel does not matter. */
    @Benchmark
    public double[] inference() {
        return inference.run(one);
    }
}
