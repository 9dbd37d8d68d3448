/** What is used of ml-cart 2, which has no declarations of its own. */
declare module "ml-cart" {
  export interface TreeNode {
    /** Only in a node that has both children: column and value; rows below the value go left. */
    readonly splitColumn?: number;
    readonly splitValue?: number;
    readonly left?: TreeNode;
    readonly right?: TreeNode;
  }

  export interface DecisionTreeOptions {
    readonly gainFunction?: "gini";
    readonly minNumSamples?: number;
    readonly maxDepth?: number;
    readonly gainThreshold?: number;
  }

  export class DecisionTreeClassifier {
    readonly root: TreeNode;
    constructor(options?: DecisionTreeOptions);
    train(features: readonly (readonly number[])[], labels: readonly number[]): void;
    predict(features: readonly (readonly number[])[]): number[];
  }
}
