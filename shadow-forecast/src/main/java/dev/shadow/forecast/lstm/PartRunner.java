package dev.shadow.forecast.lstm;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Computes the parts of a batch, on one thread or several. What a part draws depends only on its number, and results
 * are combined in the order of the numbers, so the threads leave no trace in them.
 */
final class PartRunner implements AutoCloseable {
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final TrainingSet set;
    private final Parameters parameters;
    private final List<Part> parts = new ArrayList<>();
    private final ExecutorService threads;

    private final class Part {
        private final WindowReader reader = new WindowReader();
        private final Windows windows;
        private final Network network;
        private final Parameters gradient;

        private Part(int rows) {
            windows = new Windows(rows);
            network = new Network(rows, parameters.hidden, Kernels.best());
            gradient = new Parameters(parameters.hidden);
        }

        private double train(long seed) {
            set.drawTraining(new SplittableRandom(seed), reader, windows);
            gradient.clear();
            network.forward(parameters, windows);
            return network.backward(parameters, windows, gradient);
        }

        private double judge(Parameters judged, long seed) {
            set.drawJudged(new SplittableRandom(seed), reader, windows);
            network.forward(judged, windows);
            return network.loss(windows);
        }
    }

    /**
     * @param parameters those that gradients are taken at; may change between calls
     * @param count parts of a batch
     * @param rows windows in a part
     */
    PartRunner(TrainingSet set, Parameters parameters, int count, int rows, int threadCount) {
        this.set = set;
        this.parameters = parameters;
        for (int p = 0; p < count; p++) {
            parts.add(new Part(rows));
        }
        threads = Executors.newFixedThreadPool(Math.min(threadCount, count), task -> {
            Thread thread = new Thread(task, "lstm-training");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Gradient of the mean loss over a batch; overwritten by the next call. */
    Parameters gradient(long seed, long batch) {
        List<Callable<Double>> tasks = new ArrayList<>();
        for (int p = 0; p < parts.size(); p++) {
            Part part = parts.get(p);
            long partSeed = mixed(seed, batch * parts.size() + p);
            tasks.add(() -> part.train(partSeed));
        }
        run(tasks);
        Parameters sum = parts.get(0).gradient;
        for (Part part : parts.subList(1, parts.size())) {
            sum.add(part.gradient);
        }
        float share = 1f / parts.size();
        for (float[] block : sum.blocks) {
            for (int i = 0; i < block.length; i++) {
                block[i] *= share;
            }
        }
        return sum;
    }

    /** Mean loss on windows behind the cut. */
    double judge(Parameters judged, long seed, int count) {
        double sum = 0;
        for (int first = 0; first < count; first += parts.size()) {
            List<Callable<Double>> tasks = new ArrayList<>();
            for (int p = 0; p < parts.size() && first + p < count; p++) {
                Part part = parts.get(p);
                long partSeed = mixed(seed, first + p);
                tasks.add(() -> part.judge(judged, partSeed));
            }
            for (double loss : run(tasks)) {
                sum += loss;
            }
        }
        return sum / count;
    }

    private static long mixed(long seed, long number) {
        return seed + number * MIX;
    }

    private List<Double> run(List<Callable<Double>> tasks) {
        List<Double> results = new ArrayList<>();
        try {
            for (Future<Double> future : threads.invokeAll(tasks)) {
                results.add(future.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("training was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a part of a batch failed", e.getCause());
        }
        return results;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
