package dev.shadow.forecast.failure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the content of a model file. Every count is held against the bytes that are left before memory is taken for it,
 * and every index and number is checked, so that a model that was read can be used without care.
 */
final class FailureModelReader {
    private static final int LEAF_BYTES = 12;

    private final ByteBuffer in;

    FailureModelReader(ByteBuffer in) {
        this.in = in;
    }

    FailureModel read() throws IOException {
        FittedOn fittedOn = fittedOn();
        Calibration calibration = new Calibration(finite("calibration"), weight(), weight());
        Signals signals = signals();
        AlarmCurve alarms = alarms();
        Ensemble boosted = ensemble(fittedOn.options().boosted(), signals.used.size());
        Ensemble forest = ensemble(fittedOn.options().forest(), signals.used.size());
        if (!(forest.start > 0 && forest.start < 1)) {
            throw new IOException("failure model with a rate of failure of " + forest.start);
        }
        if (in.hasRemaining()) {
            throw new IOException("failure model with " + in.remaining() + " bytes too many");
        }
        return new FailureModel(signals, boosted, forest, calibration, alarms, fittedOn);
    }

    private FittedOn fittedOn() throws IOException {
        need(16 + 32 + 8);
        int units = in.getInt();
        int failed = in.getInt();
        int healthy = in.getInt();
        int unknown = in.getInt();
        double youngest = in.getDouble();
        double oldest = in.getDouble();
        double brierSkill = in.getDouble();
        double logLoss = in.getDouble();
        long seed = in.getLong();
        FailureOptions options = new FailureOptions(shape(), shape(), seed);
        return new FittedOn(units, failed, healthy, unknown, youngest, oldest, options, brierSkill, logLoss);
    }

    private EnsembleShape shape() throws IOException {
        need(20 + 40);
        int bags = in.getInt();
        int rounds = in.getInt();
        double healthyShare = in.getDouble();
        int depth = in.getInt();
        TreeShape tree =
                new TreeShape(depth, in.getDouble(), in.getDouble(), in.getDouble(), in.getDouble(), in.getDouble());
        return new EnsembleShape(bags, rounds, healthyShare, tree);
    }

    private Signals signals() throws IOException {
        List<String> numbers = texts();
        List<String> texts = texts();
        List<TextOdds> odds = new ArrayList<>();
        for (int c = 0; c < texts.size(); c++) {
            odds.add(odds());
        }
        int count = count("columns", 5);
        List<Signal> used = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            used.add(signal(numbers, texts));
        }
        return new Signals(numbers, texts, used, odds);
    }

    private TextOdds odds() throws IOException {
        double ofAll = finite("odds");
        int count = count("texts", 12);
        Map<String, Double> odds = new HashMap<>();
        for (int i = 0; i < count; i++) {
            odds.put(text(), finite("odds"));
        }
        return new TextOdds(odds, ofAll);
    }

    private Signal signal(List<String> numbers, List<String> texts) throws IOException {
        need(5);
        int code = in.get();
        int source = in.getInt();
        Aspect aspect =
                Aspect.of(code).orElseThrow(() -> new IOException("failure model with a column of kind " + code));
        List<String> sources = aspect.sources(numbers, texts);
        if (source < 0 || source >= sources.size()) {
            throw new IOException("failure model with a column of signal " + source + " of " + sources.size());
        }
        return new Signal(aspect, source, sources.get(source));
    }

    private AlarmCurve alarms() throws IOException {
        need(8);
        int rows = in.getInt();
        int failures = in.getInt();
        if (failures < 0 || failures > rows) {
            throw new IOException("failure model with " + failures + " failures in " + rows + " rows judged");
        }
        int count = count("thresholds", 16);
        List<AlarmCurve.Point> points = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            AlarmCurve.Point point = new AlarmCurve.Point(finite("threshold"), in.getInt(), in.getInt());
            if (point.alarms() > rows || point.found() > failures) {
                throw new IOException("failure model with " + point.found() + " failures found by " + point.alarms()
                        + " alarms, of " + failures + " in " + rows);
            }
            points.add(point);
        }
        return new AlarmCurve(rows, failures, points);
    }

    private Ensemble ensemble(EnsembleShape shape, int columns) throws IOException {
        double start = finite("start");
        int bags = count("bags", 4);
        if (bags != shape.bags()) {
            throw new IOException("failure model with " + bags + " bags in place of " + shape.bags());
        }
        List<List<Tree>> all = new ArrayList<>();
        for (int b = 0; b < bags; b++) {
            int trees = count("trees", 4 + LEAF_BYTES);
            List<Tree> bag = new ArrayList<>();
            for (int t = 0; t < trees; t++) {
                bag.add(tree(columns));
            }
            all.add(List.copyOf(bag));
        }
        return new Ensemble(start, all);
    }

    private Tree tree(int columns) throws IOException {
        int size = count("nodes", LEAF_BYTES);
        if (size == 0) {
            throw new IOException("failure model with a tree without nodes");
        }
        int[] column = new int[size];
        double[] cut = new double[size];
        boolean[] missingRight = new boolean[size];
        int[] left = new int[size];
        double[] value = new double[size];
        for (int node = 0; node < size; node++) {
            need(LEAF_BYTES);
            column[node] = in.getInt();
            value[node] = finite("value");
            if (column[node] != Tree.LEAF) {
                need(13);
                cut[node] = in.getDouble();
                missingRight[node] = in.get() != 0;
                left[node] = in.getInt();
                // Children behind their parent: so every walk ends.
                boolean placed = left[node] > node && left[node] < size - 1;
                if (column[node] < 0 || column[node] >= columns || Double.isNaN(cut[node]) || !placed) {
                    throw new IOException("failure model with a wrong node " + node + ": column " + column[node]
                            + " of " + columns + ", cut " + cut[node] + ", children at " + left[node] + " of " + size);
                }
            }
        }
        return new Tree(column, cut, missingRight, left, value);
    }

    private List<String> texts() throws IOException {
        int count = count("names", 4);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(text());
        }
        return List.copyOf(texts);
    }

    private String text() throws IOException {
        byte[] bytes = new byte[count("characters", 1)];
        in.get(bytes);
        return new String(bytes, UTF_8);
    }

    private double weight() throws IOException {
        double weight = finite("weight");
        if (weight < 0) {
            throw new IOException("failure model with a weight of " + weight);
        }
        return weight;
    }

    private double finite(String what) throws IOException {
        need(8);
        double value = in.getDouble();
        if (!Double.isFinite(value)) {
            throw new IOException("failure model with a " + what + " of " + value);
        }
        return value;
    }

    private int count(String what, int leastBytesEach) throws IOException {
        need(4);
        int count = in.getInt();
        if (count < 0 || (long) count * leastBytesEach > in.remaining()) {
            throw new IOException("failure model with " + count + " " + what + " in " + in.remaining() + " bytes");
        }
        return count;
    }

    private void need(int bytes) throws IOException {
        if (in.remaining() < bytes) {
            throw new IOException("failure model whose content ends too early, " + bytes + " bytes are needed, "
                    + in.remaining() + " are left");
        }
    }
}
