package dev.shadow.forecast.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.tck.property.SeededTest;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TreeGrowerTest {
    private static final TreeShape STUMP = new TreeShape(1, 1, 0, 1, 1, 1);

    /** Squared loss around 0: the values of leaves are means of {@code y}. */
    private static Tree grown(double[][] columns, double[] y, TreeShape shape) {
        double[] gradient = Arrays.stream(y).map(v -> -v).toArray();
        double[] hessian = new double[y.length];
        Arrays.fill(hessian, 1);
        return new TreeGrower(Bins.of(columns), gradient, hessian, shape, new SplittableRandom(1))
                .grow(IntStream.range(0, y.length).toArray());
    }

    private static double squared(Tree tree, double[][] columns, double[] y) {
        return IntStream.range(0, y.length)
                .mapToDouble(i -> Math.pow(tree.value(columns, i) - y[i], 2))
                .sum();
    }

    @Test
    void splitsWhereTheMeansDiffer() {
        double[][] columns = {{5, 1, 4, 2}, {1, 2, 1, 2}};
        Tree tree = grown(columns, new double[] {10, 20, 10, 20}, STUMP);
        assertThat(IntStream.range(0, 4).mapToDouble(i -> tree.value(columns, i)))
                .containsExactly(10.0, 20.0, 10.0, 20.0);
    }

    @Test
    void missingValuesGoWhereTheyBelong() {
        double[][] columns = {{1, 2, 3, 4, Double.NaN, Double.NaN}};
        Tree high = grown(columns, new double[] {1, 1, 9, 9, 9, 9}, STUMP);
        Tree low = grown(columns, new double[] {1, 1, 9, 9, 1, 1}, STUMP);
        Tree alone = grown(columns, new double[] {1, 1, 1, 1, 9, 9}, STUMP);
        assertThat(IntStream.range(0, 6).mapToDouble(i -> high.value(columns, i)))
                .containsExactly(1.0, 1.0, 9.0, 9.0, 9.0, 9.0);
        assertThat(IntStream.range(0, 6).mapToDouble(i -> low.value(columns, i)))
                .containsExactly(1.0, 1.0, 9.0, 9.0, 1.0, 1.0);
        assertThat(IntStream.range(0, 6).mapToDouble(i -> alone.value(columns, i)))
                .containsExactly(1.0, 1.0, 1.0, 1.0, 9.0, 9.0);
    }

    @Test
    void ridgeDrawsALeafToZero() {
        Tree tree = grown(new double[][] {{1, 1, 1}}, new double[] {6, 6, 6}, new TreeShape(3, 1, 3, 1, 1, 1));
        assertThat(tree.size()).isEqualTo(1);
        assertThat(tree.value[0]).isEqualTo(3);
    }

    /** Against the plain search: every column, every threshold, missing values on either side. */
    @SeededTest(runs = 200)
    void aStumpIsTheBestThatThereIs(SplittableRandom random) {
        int n = 2 + random.nextInt(30);
        double[][] columns = new double[3][n];
        for (double[] column : columns) {
            Arrays.setAll(column, i -> random.nextInt(4) == 0 ? Double.NaN : random.nextInt(6));
        }
        double[] y = random.doubles(n).toArray();
        double best = squared(grown(new double[][] {new double[n]}, y, STUMP), new double[][] {new double[n]}, y);
        for (double[] column : columns) {
            for (double cut = 0; cut <= 6; cut++) {
                for (boolean missingRight : new boolean[] {false, true}) {
                    best = Math.min(best, squaredOfSplit(column, cut, missingRight, y));
                }
            }
        }
        assertThat(squared(grown(columns, y, STUMP), columns, y)).isCloseTo(best, within(1e-8));
    }

    private static double squaredOfSplit(double[] column, double cut, boolean missingRight, double[] y) {
        double[] sum = new double[2];
        double[] squares = new double[2];
        int[] count = new int[2];
        for (int i = 0; i < y.length; i++) {
            boolean right = Double.isNaN(column[i]) ? missingRight : column[i] > cut;
            sum[right ? 1 : 0] += y[i];
            squares[right ? 1 : 0] += y[i] * y[i];
            count[right ? 1 : 0]++;
        }
        if (count[0] == 0 || count[1] == 0) {
            return Double.POSITIVE_INFINITY;
        }
        return squares[0] - sum[0] * sum[0] / count[0] + squares[1] - sum[1] * sum[1] / count[1];
    }

    @SeededTest(runs = 100)
    void contributionsAddUpToTheValue(SplittableRandom random) {
        int n = 50;
        double[][] columns = new double[4][];
        Arrays.setAll(columns, c -> random.doubles(n).toArray());
        double[] y = random.doubles(n).toArray();
        Tree tree = grown(columns, y, new TreeShape(6, 1, 0.5, 0.7, 1, 0.5));
        for (int row = 0; row < n; row++) {
            double[] shares = new double[4];
            double root = tree.explain(columns, row, 1, shares);
            assertThat(root + Arrays.stream(shares).sum()).isCloseTo(tree.value(columns, row), within(1e-12));
        }
    }

    @SeededTest(runs = 100)
    void aValueFallsIntoTheIntervalThatItsCutEnds(SplittableRandom random) {
        double[] column = random.doubles(500)
                .map(x -> random.nextInt(3) == 0 ? 0 : random.nextInt(9) == 0 ? Double.NaN : Math.exp(20 * x))
                .toArray();
        Bins bins = Bins.of(new double[][] {column});
        assertThat(bins.count(0)).isBetween(3, 66);
        for (int row = 0; row < column.length; row++) {
            int interval = bins.of(0)[row];
            assertThat(interval == Bins.MISSING).isEqualTo(Double.isNaN(column[row]));
            if (interval > 1) {
                assertThat(column[row]).isGreaterThan(bins.cut(0, interval - 1));
            }
            if (interval > 0) {
                assertThat(column[row]).isLessThanOrEqualTo(bins.cut(0, interval));
            }
        }
    }
}
