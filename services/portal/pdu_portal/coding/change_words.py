"""The dimensions in which a change is coded, in plain words."""

DEPTHS = {
    "superficial": "On the surface",
    "structural": "In rules, money or how things are organised",
    "cultural_relational": "In how people think and treat each other",
}
AIMS = {
    "works_as_one": "Services work as one",
    "welcoming": "Services are welcoming",
    "user_led": "People who use services lead",
    "resilience": "Strengths and staying power",
    "acknowledges_needs": "The whole of what people need is seen",
}
CONDITIONS = {
    "involvement_of_people": "People with experience are involved",
    "clear_case_for_change": "There is a clear case for change",
    "local_relationships": "Local relationships",
    "investment_in_change": "Money for change",
    "strong_diverse_relationships": "Strong and different partners",
    "leadership_support_incl_political": "Leaders and politicians support it",
    "letting_go_of_control": "Letting go of control",
    "influence_key_functions": "Lawyers, finance and buyers take part",
    "flexible_legislation_regulation": "Rules and laws leave room",
}
ENVIRONMENT = {
    "psychological_awareness": "Understanding of how people feel and act",
    "staff_training_support": "Training and support of staff",
    "learning_inquiry": "Learning and asking",
    "spaces_of_opportunity": "Rooms that welcome",
    "three_rs": "Rules, roles and responsiveness",
}
OUTCOMES = {
    "awareness_understanding": "Awareness and understanding",
    "self_reflection": "Looking at one\u2019s own work",
    "confidence": "Confidence",
    "knowledge": "Knowledge",
    "partnerships": "Partnerships",
    "evidence_base": "Better evidence",
    "awareness_raising": "Telling others",
    "signposting_referrals": "Pointing people to others",
    "casework_joint_working": "Working together for somebody",
    "adaptation": "Services that adapt",
}
