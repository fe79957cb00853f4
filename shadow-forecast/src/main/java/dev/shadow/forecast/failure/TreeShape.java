package dev.shadow.forecast.failure;

import dev.shadow.spi.InvalidValueException;

/**
 * How one tree is grown.
 *
 * @param depth splits from root to leaf at most, 1 to 40
 * @param leastWeight least sum of second derivatives in a leaf, positive; with the squared loss the number of its rows
 * @param ridge penalty on the squared leaf values, 0 to 1e9: draws small leaves to 0
 * @param step share of a Newton step that is taken, above 0 and at most 1
 * @param columnsOfTree share of the columns that a tree may use, above 0 and at most 1
 * @param columnsOfNode share of those that a split may choose from, above 0 and at most 1
 */
public record TreeShape(
        int depth, double leastWeight, double ridge, double step, double columnsOfTree, double columnsOfNode) {
    /** The greatest depth. */
    static final int DEEPEST = 40;

    public TreeShape {
        inside("depth", depth, 1, DEEPEST);
        inside("leastWeight", leastWeight, Double.MIN_NORMAL, 1e9);
        inside("ridge", ridge, 0, 1e9);
        inside("step", step, Double.MIN_NORMAL, 1);
        inside("columnsOfTree", columnsOfTree, Double.MIN_NORMAL, 1);
        inside("columnsOfNode", columnsOfNode, Double.MIN_NORMAL, 1);
    }

    static void inside(String field, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new InvalidValueException(
                    field, Double.toString(value), "be at least " + least + " and at most " + most);
        }
    }
}
